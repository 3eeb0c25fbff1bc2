import { digitsPerStep } from "../../numbers/digitCount";
import { formatInteger, formatTerm } from "../../numbers/format";
import { parseIndex } from "../../numbers/parseIndex";

/** The first and the last index of a table. */
export interface Range {
  from: number;
  to: number;
}

export const usualRange: Range = { from: 0, to: 100 };

/** More would take a browser long to lay out. */
export const maxRows = 1_001;
export const maxDigits = 250_000;

/** Reads an index of a range, or returns undefined for what is none. */
export function parseEnd(text: string): number | undefined {
  const parsed = parseIndex(text);
  return "index" in parsed ? parsed.index : undefined;
}

/** The range in an address. What is missing or no index is as usual. The smaller end comes first. */
export function rangeIn(search: URLSearchParams): Range {
  const from = parseEnd(search.get("from") ?? "") ?? usualRange.from;
  const to = parseEnd(search.get("to") ?? "") ?? (search.has("from") ? from + 100 : usualRange.to);
  return from <= to ? { from, to } : { from: to, to: from };
}

export function addressOf({ from, to }: Range): string {
  return `/table?from=${from}&to=${to}`;
}

/** The range of the same length that comes before or after, if its indices are exact. */
export function shifted({ from, to }: Range, direction: -1 | 1): Range | undefined {
  const by = direction * (to - from + 1);
  const range = { from: from + by, to: to + by };
  return Number.isSafeInteger(range.from) && Number.isSafeInteger(range.to) ? range : undefined;
}

/** Says why a range is too large for a table, and returns the longest one that is not. Undefined if it is not. */
export function excessOf({ from, to }: Range): { reason: string; instead: Range | undefined } | undefined {
  const rows = to - from + 1;
  const digits = digitsOf(from, to);
  if (rows <= maxRows && digits <= maxDigits) {
    return undefined;
  }
  const instead = longestFrom(from);
  const bound = `A table here has up to ${formatInteger(maxRows)} numbers with ${formatInteger(maxDigits)} digits in all.`;
  const reason =
    rows > maxRows
      ? `${formatTerm(from)} to ${formatTerm(to)} are ${formatInteger(rows)} numbers. ${bound}`
      : `${formatTerm(from)} to ${formatTerm(to)} have about ${formatInteger(Math.round(digits))} digits. ${bound}`;
  return { reason, instead };
}

/** About how many digits F(from) to F(to) have in all. */
function digitsOf(from: number, to: number): number {
  const rows = to - from + 1;
  // The sum of the sizes of the indices. On both sides of 0 there are two sums from 0 on.
  const sizes =
    from < 0 && to > 0 ? (from * (from - 1) + to * (to + 1)) / 2 : (Math.abs(from + to) * rows) / 2;
  return sizes * digitsPerStep;
}

/** The longest range from an index on that a table may have. */
function longestFrom(from: number): Range | undefined {
  let rows = maxRows;
  while (rows > 0 && digitsOf(from, from + rows - 1) > maxDigits) {
    rows--;
  }
  return rows === 0 ? undefined : { from, to: from + rows - 1 };
}
