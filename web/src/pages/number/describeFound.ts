import { formatInteger, formatTerm } from "../../numbers/format";
import type { FoundDigits } from "./digitSearch";

/** Says how often the digits occur. */
export function describeFound(index: number, wanted: string, { count, positions }: FoundDigits): string {
  const term = formatTerm(index);
  switch (count) {
    case 0:
      return `${wanted} does not occur in ${term}.`;
    case 1:
      return `${wanted} occurs once in ${term}, at digit ${formatInteger(positions[0] ?? 0)}.`;
    default:
      return `${wanted} occurs ${formatInteger(count)} times in ${term}.`;
  }
}

/** Says what to expect of as many random digits; nothing of fewer digits than are wanted. */
export function describeChance(digitCount: number, length: number): string {
  const expected = (digitCount - length + 1) / 10 ** length;
  if (expected <= 0) {
    return "";
  }
  if (expected >= 1) {
    const times = formatInteger(Math.round(expected));
    return `As many random digits would have it about ${times === "1" ? "once" : `${times} times`}.`;
  }
  const percent = 100 * -Math.expm1(-expected);
  const chance = percent < 0.01 ? "less than 0.01%" : `about ${Number(percent.toPrecision(2))}%`;
  return `The chance that as many random digits have it is ${chance}.`;
}
