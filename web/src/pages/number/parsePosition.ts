import { formatInteger } from "../../numbers/format";
import { parseIndex } from "../../numbers/parseIndex";

/** Reads the position of a digit, of which 1 is the first, as people write numbers; undefined if there is none such. */
export function parsePosition(text: string, digitCount: number): number | undefined {
  const parsed = parseIndex(text);
  return "index" in parsed && parsed.index >= 1 && parsed.index <= digitCount ? parsed.index : undefined;
}

/** What positions there are. */
export function positionRange(digitCount: number): string {
  return digitCount === 1
    ? "There is one digit, at position 1."
    : `1 is the first digit, ${formatInteger(digitCount)} the last.`;
}
