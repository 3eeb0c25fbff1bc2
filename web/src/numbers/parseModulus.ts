import { formatShort } from "./format";
import { largestIndex } from "./largeIndex";
import { indexIn, parseIndex } from "./parseIndex";

/** The largest modulus of a remainder. The API has the same bound. */
export const largestModulus = largestIndex;
/** The largest modulus of a period. The API has the same bound, and refuses some that it can't factor quickly. */
export const largestPeriodModulus = 10n ** 30n;

/** Parses a modulus as people write it, or returns undefined for what is none or too large. */
export function parseModulus(text: string, largest: bigint): bigint | undefined {
  const modulus = indexIn(parseIndex(text.replace(/^\s*m\s*=/i, "")));
  return modulus !== undefined && 0 < modulus && modulus <= largest ? BigInt(modulus) : undefined;
}

/** What to enter as a modulus. */
export function modulusRange(largest: bigint): string {
  return `Enter a whole number from 1 to ${formatShort(largest)}.`;
}
