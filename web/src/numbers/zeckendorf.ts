import { firstTerms } from "./firstTerms";

/**
 * Returns the indices, from the largest on, of the Fibonacci numbers whose sum is a size, no two of them neighbours:
 * Zeckendorf's representation, which is unique. The largest that fits is always one of them.
 */
export function zeckendorf(size: number): number[] {
  let rest = BigInt(size);
  const indices: number[] = [];
  for (let k = firstTerms.length - 1; k >= 2; k--) {
    const term = firstTerms[k] ?? 0n;
    if (term <= rest) {
      indices.push(k);
      rest -= term;
    }
  }
  return indices;
}
