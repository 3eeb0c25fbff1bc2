import type { ValueState } from "../api/values";
import { formatCount, formatTerm, minus } from "../numbers/format";
import { maxSpokenDigits, shortValue } from "../numbers/shortValue";

/** Digits of a longer value that a sentence begins with. */
const spokenEnd = 10;

/** Returns what is known of an index, in a sentence or two. An accepted index with no known state is in the queue. */
export function describeState(index: number, state: ValueState | undefined): string {
  const term = formatTerm(index);
  const short = shortValue(index);
  switch (state?.state) {
    case "calculating":
      return `Calculating ${term}…`;
    case "calculated":
      return describeValue(term, state);
    case "failed":
      return `${term} could not be calculated.`;
    default:
      return short === undefined
        ? `${term} is in the queue.`
        : `${term} is ${short}. It is in the queue to be checked and stored.`;
  }
}

function describeValue(term: string, { value, leading, sign = 0, digitCount = 0 }: ValueState): string {
  if (value !== undefined && digitCount <= maxSpokenDigits) {
    return `${term} is ${minus(value)}.`;
  }
  const digits = (value?.replace("-", "") ?? leading ?? "").slice(0, spokenEnd);
  return `${term} has ${formatCount(digitCount, "digit")} and begins with ${sign < 0 ? "−" : ""}${digits}.`;
}
