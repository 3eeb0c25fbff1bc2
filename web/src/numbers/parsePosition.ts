import { formatInteger } from "./format";
import { parseIndex } from "./parseIndex";

/** Returns the position of a digit in a text, counted from 1, or undefined if the value has no such digit. */
export function parsePosition(text: string, digitCount: number): number | undefined {
  const parsed = parseIndex(text);
  return "index" in parsed && parsed.index >= 1 && parsed.index <= digitCount ? parsed.index : undefined;
}

/** The positions there are, in a sentence. */
export function positionRange(digitCount: number): string {
  return digitCount === 1
    ? "There is only one digit."
    : `Positions run from 1 to ${formatInteger(digitCount)}.`;
}
