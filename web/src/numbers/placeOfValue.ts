/** At which indices a value is a Fibonacci number, or which two it is between. */
export type Place = { indices: number[] } | { below: number; above: number };

/** A longer value has no place: its index would be looked for too long. */
const maxDigits = 1_000;

/**
 * Returns all indices of a Fibonacci number, positive ones first, or the neighbours of any other value. Those of a
 * positive value are among the numbers from F(0) on, those of a negative one among the negative ones, which are at even
 * indices below zero. Undefined for a value of more than 1,000 digits.
 */
export function placeOfValue(value: bigint): Place | undefined {
  const size = value < 0n ? -value : value;
  if (size >= 10n ** BigInt(maxDigits)) {
    return undefined;
  }
  const step = value < 0n ? 2 : 1;
  const sign = value < 0n ? -1 : 1;
  let n = 0;
  let [term, next] = [0n, 1n];
  for (; term < size; n += step) {
    for (let k = 0; k < step; k++) {
      [term, next] = [next, term + next];
    }
  }
  return term === size
    ? { indices: indicesOf(value, sign * n) }
    : { below: Math.min(sign * n, sign * (n - step)), above: Math.max(sign * n, sign * (n - step)) };
}

/** All indices of a value, of which one was found. At odd ones, F(−n) is F(n). */
function indicesOf(value: bigint, found: number): number[] {
  if (value === 1n) {
    return [1, 2, -1];
  }
  return found % 2 === 0 ? [found] : [found, -found];
}
