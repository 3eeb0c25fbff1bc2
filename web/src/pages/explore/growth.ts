import type { CalculatedValue } from "../../api/values";

/** log₁₀ of the golden ratio: how many digits each step of the index adds. */
export const digitsPerStep = Math.log10((1 + Math.sqrt(5)) / 2);

/** How many digits a value has. */
export interface Growth {
  index: number;
  /** The index without its sign: F(−n) is as long as F(n). */
  size: number;
  digitCount: number;
}

/** The lengths of values by the size of their index, of F(n) and F(−n) once; without F(0), which has no place on a log scale. */
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

/** Positions, the lengths there, and the line n · log₁₀ φ from one digit on to beyond the last. */
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
