/**
 * An index. One beyond 2^53 in size is a bigint: its number can't be calculated, and the server takes no such index, but
 * much is known of it.
 */
export type Index = number | bigint;

/** The largest size of an index of which something is known. The API has the same bound. */
export const largestIndex = 10n ** 1_000n;

/** Returns the index before or after another, or undefined where nothing is known of it. */
export function neighbour(index: Index, step: 1n | -1n): bigint | undefined {
  const next = BigInt(index) + step;
  return -largestIndex <= next && next <= largestIndex ? next : undefined;
}
