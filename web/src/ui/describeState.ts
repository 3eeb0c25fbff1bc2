import type { ValueState } from "../api/values";
import { formatCount, formatTerm } from "../numbers/format";

/** Where an index stands, in a sentence; an accepted one of which nothing else is known yet waits. */
export function describeState(index: number, state: ValueState | undefined): string {
  const term = formatTerm(index);
  switch (state?.state) {
    case "calculating":
      return `${term} is being calculated.`;
    case "calculated":
      return `${term} is calculated: ${formatCount(state.digitCount ?? 0, "digit")}.`;
    case "failed":
      return `${term} could not be calculated.`;
    default:
      return `${term} is accepted and waits for its turn.`;
  }
}
