import { formatCount, formatTerm, minus } from "./format";
import type { Index } from "./largeIndex";
import { maxSpokenDigits } from "./shortValue";

/** Digits of a longer number in the title of its page. */
const titleDigits = 8;

/** What is known of a number that may be in the title of its page. */
interface Known {
  sign: number;
  digitCount: bigint;
  /** With its sign, if it is known whole. */
  value?: string | undefined;
  /** The first digits of a longer number, without its sign. */
  leading?: string | undefined;
}

/** The title of a number's page, as search engines show it. The server has the same: adapters/preview/number.go. */
export function titleOf(index: Index, known: Known | undefined): string {
  const term = formatTerm(index);
  if (known === undefined) {
    return term;
  }
  const { sign, digitCount, value, leading } = known;
  if (value !== undefined && digitCount <= maxSpokenDigits) {
    return `${term} = ${minus(BigInt(value).toLocaleString("en"))}`;
  }
  const digits = value?.replace("-", "") ?? leading ?? "";
  return `${term}: ${formatCount(digitCount, "digit")}, ${sign < 0 ? "−" : ""}${digits.slice(0, titleDigits)}…`;
}
