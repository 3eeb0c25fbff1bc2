import { useInfiniteQuery } from "@tanstack/react-query";
import { seenIndices } from "../../api/indices";
import { LiveList } from "./LiveList";
import { SeenRow } from "./SeenRow";

export function SeenList() {
  const query = useInfiniteQuery(seenIndices);
  return (
    <LiveList
      title="Values I have seen"
      description="Every index submitted so far, newest first."
      query={query}
      empty="Nothing here yet. Enter an index above and press Calculate."
    >
      {(seen) => <SeenRow seen={seen} />}
    </LiveList>
  );
}
