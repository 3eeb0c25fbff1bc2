import { minus } from "./format";

/** Longer values are not given in a sentence. */
export const maxSpokenDigits = 30;

/** The largest index whose value has at most maxSpokenDigits digits. */
const maxShortIndex = 145;

/**
 * Returns the value of an index if it is short enough for a sentence. An event has no
 * value, and a short one is quicker added up than fetched.
 */
export function shortValue(index: number): string | undefined {
  const value = smallTerm(index);
  return value === undefined ? undefined : minus(String(value));
}

/** Returns F(index) if it has at most maxSpokenDigits digits. */
export function smallTerm(index: number): bigint | undefined {
  const size = Math.abs(index);
  if (size > maxShortIndex) {
    return undefined;
  }
  let [value, next] = [0n, 1n];
  for (let n = 0; n < size; n++) {
    [value, next] = [next, value + next];
  }
  return index < 0 && size % 2 === 0 ? -value : value;
}
