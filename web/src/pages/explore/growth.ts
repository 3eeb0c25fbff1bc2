import type { CalculatedValue } from "../../api/values";

/** log₁₀ of the golden ratio: the digits that each step of the index adds. */
export const digitsPerStep = Math.log10((1 + Math.sqrt(5)) / 2);

/** How many digits a value has. */
export interface Growth {
  index: number;
  /** The absolute value of the index: F(−n) is as long as F(n). */
  size: number;
  digitCount: number;
}

/**
 * The lengths of values, ordered by size of index. F(n) and F(−n) count once. F(0) is left out, because a log
 * scale has no place for it.
 */
export function growthOf(values: Iterable<CalculatedValue>): Growth[] {
  const growth = new Map<number, Growth>();
  for (const { index, digitCount } of values) {
    const size = Math.abs(index);
    if (index > 0 || (index < 0 && !growth.has(size))) {
      growth.set(size, { index, size, digitCount });
    }
  }
  return [...growth.values()].sort((a, b) => a.size - b.size);
}

type Series = (number | null)[];

/** Positions, the lengths there, and the line n · log₁₀ φ from one digit to the last position. */
export function growthData(growth: Growth[]): [number[], Series, Series] {
  const start = 1 / digitsPerStep;
  const end = growth.at(-1)?.size ?? 0;
  const lengths = new Map(growth.map(({ size, digitCount }) => [size, digitCount]));
  const positions = [...new Set([...lengths.keys(), ...(end > start ? [start, end] : [])])].sort(
    (a, b) => a - b,
  );
  return [
    positions,
    positions.map((x) => lengths.get(x) ?? null),
    positions.map((x) => (x >= start && end > start ? x * digitsPerStep : null)),
  ];
}
