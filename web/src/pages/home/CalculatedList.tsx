import { type CalculatedValue, calculatedValues } from "../../api/values";
import { useList } from "../../live/useList";
import { LiveList } from "./LiveList";
import { ValueView } from "./ValueView";

const renderRow = (value: CalculatedValue) => <ValueView value={value} />;

export function CalculatedList() {
  const query = useList(calculatedValues);
  return (
    <LiveList
      title="Calculated values"
      description="Each one checked before it was stored, newest first."
      query={query}
      id="calculated"
      empty="Nothing here yet. Each value appears as soon as it is calculated."
    >
      {renderRow}
    </LiveList>
  );
}
