import { useInfiniteQuery } from "@tanstack/react-query";
import { calculatedValues } from "../../api/values";
import { LiveList } from "./LiveList";
import { ValueView } from "./ValueView";

export function CalculatedList() {
  const query = useInfiniteQuery(calculatedValues);
  return (
    <LiveList
      title="Calculated values"
      description="Every digit checked before it was kept; newest first."
      query={query}
      empty="None yet. As soon as a submitted index is calculated, its value appears here."
    >
      {(value) => <ValueView value={value} />}
    </LiveList>
  );
}
