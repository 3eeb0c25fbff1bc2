/**
 * Returns the indices, from the largest on, of the Fibonacci numbers whose sum is a size, no two of them neighbours:
 * Zeckendorf's representation, which is unique. The largest that fits is always one of them.
 */
export function zeckendorf(size: bigint): number[] {
  const fitting: bigint[] = [];
  for (let [term, next] = [1n, 2n]; term <= size; [term, next] = [next, term + next]) {
    fitting.push(term);
  }
  let rest = size;
  const indices: number[] = [];
  for (const [i, term] of [...fitting.entries()].reverse()) {
    if (term <= rest) {
      indices.push(i + 2);
      rest -= term;
    }
  }
  return indices;
}
