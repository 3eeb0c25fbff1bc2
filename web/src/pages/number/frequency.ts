import type { DigitCounts } from "../../api/digits";
import { formatInteger } from "../../numbers/format";

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

/** The shares of the digits in percent. */
export function percentages(counts: DigitCounts): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (100 * count) / total);
}

/** At most seven round percentages up to a greatest one. */
export function percentTicks(top: number): number[] {
  const step = [2, 5, 10, 20].find((step) => top / step <= 6) ?? 25;
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, i) => i * step);
}
