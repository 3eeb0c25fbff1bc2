import { useInfiniteQuery } from "@tanstack/react-query";
import { seenIndices } from "../../api/indices";
import { LiveList } from "./LiveList";
import { SeenRow } from "./SeenRow";

export function SeenList() {
  const query = useInfiniteQuery(seenIndices);
  return (
    <LiveList
      title="Values I have seen"
      description="Every index ever submitted, newest first."
      query={query}
      empty="None yet. Type an index above and press Calculate: it will appear here."
    >
      {(seen) => <SeenRow seen={seen} />}
    </LiveList>
  );
}
