/** A row of the table. */
export interface Term {
  index: number;
  /** All digits of F(index), after a hyphen if it is negative. */
  value: string;
  digitCount: number;
  /** F(n) / F(n−1), or null if F(n−1) is 0. */
  ratio: number | null;
}

/** Indices up to this size need no server. */
export const maxOwnIndex = 200;

/** Beyond this size of the index the ratio is φ or −1/φ to the last bit of a number. */
const lastInexactRatio = 45;
const phi = (1 + Math.sqrt(5)) / 2;

/** Returns F(from) to F(to), by adding up from F(0), or undefined if one of them is too far away. */
export function ownTerms(from: number, to: number): Term[] | undefined {
  if (Math.max(Math.abs(from), Math.abs(to)) > maxOwnIndex) {
    return undefined;
  }
  const terms: Term[] = [];
  for (let index = from; index <= to; index++) {
    const value = String(fibonacci(index));
    terms.push({ index, value, digitCount: value.replace("-", "").length, ratio: ratioAt(index) });
  }
  return terms;
}

function ratioAt(index: number): number | null {
  if (index === 1) {
    return null;
  }
  if (Math.abs(index) > lastInexactRatio) {
    return index > 0 ? phi : 1 - phi;
  }
  return Number(fibonacci(index)) / Number(fibonacci(index - 1));
}

/** F(0) to F(maxOwnIndex + 1). */
const sizes = [0n, 1n];
for (let n = 2; n <= maxOwnIndex + 1; n++) {
  sizes.push((sizes[n - 1] ?? 0n) + (sizes[n - 2] ?? 0n));
}

function fibonacci(index: number): bigint {
  const size = sizes[Math.abs(index)] ?? 0n;
  return index < 0 && index % 2 === 0 ? -size : size;
}
