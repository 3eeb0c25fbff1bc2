import type { DigitCounts } from "../../api/digits";
import { formatInteger } from "../../numbers/format";
import type { PlotOptions, PlotProps } from "../../ui/Plot";

export function totalCount(counts: DigitCounts): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Describes the counts in a sentence or two. */
export function describeCounts(counts: DigitCounts): string {
  const sum = counts.reduce((sum, count, digit) => sum + digit * count, 0);
  const most = digitsWith(counts, Math.max(...counts));
  const least = digitsWith(counts, Math.min(...counts));
  const extremes =
    most === least ? "All digits are equally common." : `Most common: ${most}. Least common: ${least}.`;
  return `${extremes} The digits add up to ${formatInteger(sum)}.`;
}

function digitsWith(counts: DigitCounts, count: number): string {
  const digits = [...counts.keys()].filter((digit) => counts[digit] === count);
  return new Intl.ListFormat("en").format(digits.map(String));
}

/** The shares of the digits in percent, and a line at 10% that extends beyond the outer bars. */
export function barData(counts: DigitCounts): PlotProps["data"] {
  const total = totalCount(counts);
  return [
    [-0.5, ...counts.keys(), 9.5],
    [null, ...counts.map((count) => (100 * count) / total), null],
    new Array<number>(counts.length + 2).fill(10),
  ];
}

export const barOptions: PlotProps["options"] = (colors, paths): PlotOptions => ({
  scales: {
    x: { time: false, range: [-0.5, 9.5] },
    y: { range: (_plot, _min, max) => [0, Math.max(12, max * 1.1)] },
  },
  series: [
    {},
    {
      fill: colors.marbleMid,
      stroke: colors.good,
      width: 1,
      points: { show: false },
      // Relative to the distance of the first two positions, which is half that of the others.
      ...(paths.bars && { paths: paths.bars({ size: [1.4, 64] }) }),
    },
    { stroke: colors.accent, width: 2, dash: [6, 4], points: { show: false } },
  ],
  axes: [
    { splits: () => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], grid: { show: false }, ticks: { show: false }, size: 34 },
    { values: (_plot, splits) => splits.map((percent) => `${percent}%`), size: 52 },
  ],
});
