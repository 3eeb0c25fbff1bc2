import { formatTerm } from "../../numbers/format";

/** Ascending indices in words: "F(3), F(7) to F(20)". */
export function formatRanges(indices: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const index of indices) {
    const last = ranges.at(-1);
    if (last !== undefined && index === last[1] + 1) {
      last[1] = index;
    } else {
      ranges.push([index, index]);
    }
  }
  return ranges
    .map(([first, last]) => {
      switch (last - first) {
        case 0:
          return formatTerm(first);
        case 1:
          return `${formatTerm(first)}, ${formatTerm(last)}`;
        default:
          return `${formatTerm(first)} to ${formatTerm(last)}`;
      }
    })
    .join(", ");
}
