import type { Term } from "./terms";

export const columns = ["n", "F(n)", "digits", "ratio", "last digit"] as const;

/** The last digit of a term, whatever its sign. */
export function lastDigit({ value }: Term): string {
  return value.slice(-1);
}

/** The table for other programs: a line of names and one for each term, with hyphens and without groups. */
function tableText(terms: readonly Term[], separator: string, lineEnd: string): string {
  const rows = terms.map((term) => [
    term.index,
    term.value,
    term.digitCount,
    term.ratio ?? "",
    lastDigit(term),
  ]);
  return [columns, ...rows].map((row) => row.join(separator) + lineEnd).join("");
}

/** Comma-separated values as in RFC 4180. Nothing in them needs quotes. */
export function csvOf(terms: readonly Term[]): string {
  return tableText(terms, ",", "\r\n");
}

/** What spreadsheets take from the clipboard. */
export function tabSeparated(terms: readonly Term[]): string {
  return tableText(terms, "\t", "\n");
}
