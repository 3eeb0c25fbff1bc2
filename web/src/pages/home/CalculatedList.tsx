import { useInfiniteQuery } from "@tanstack/react-query";
import { calculatedValues } from "../../api/values";
import { LiveList } from "./LiveList";
import { ValueView } from "./ValueView";

export function CalculatedList() {
  const query = useInfiniteQuery(calculatedValues);
  return (
    <LiveList
      title="Calculated values"
      description="Each one checked before it was stored, newest first."
      query={query}
      empty="Nothing here yet. Each value appears as soon as it is calculated."
    >
      {(value) => <ValueView value={value} />}
    </LiveList>
  );
}
