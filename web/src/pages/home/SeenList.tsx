import { type SeenIndex, seenIndices } from "../../api/indices";
import { useList } from "../../live/useList";
import { LiveList } from "./LiveList";
import { SeenRow } from "./SeenRow";

const renderRow = (seen: SeenIndex) => <SeenRow seen={seen} />;

export function SeenList() {
  const query = useList(seenIndices);
  return (
    <LiveList
      title="Values I have seen"
      description="Every index submitted so far, newest first."
      query={query}
      skipTo={{ id: "calculated", text: "Skip to the calculated values" }}
      empty="Nothing here yet. Enter an index above and press Calculate."
    >
      {renderRow}
    </LiveList>
  );
}
