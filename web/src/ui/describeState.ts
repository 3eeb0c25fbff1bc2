import type { ValueState } from "../api/values";
import { formatCount, formatTerm, minus } from "../numbers/format";
import { maxSpokenDigits } from "../numbers/shortValue";

/** Returns what is known of an index, in a sentence. An accepted index with no known state is in the queue. */
export function describeState(index: number, state: ValueState | undefined): string {
  const term = formatTerm(index);
  switch (state?.state) {
    case "calculating":
      return `Calculating ${term}…`;
    case "calculated":
      return describeValue(term, state);
    case "failed":
      return `${term} could not be calculated.`;
    default:
      return `${term} is in the queue.`;
  }
}

function describeValue(term: string, { value, digitCount = 0 }: ValueState): string {
  return value !== undefined && digitCount <= maxSpokenDigits
    ? `${term} is ${minus(value)}.`
    : `${term} has ${formatCount(digitCount, "digit")}.`;
}
