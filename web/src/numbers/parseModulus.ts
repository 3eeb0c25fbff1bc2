import { formatInteger } from "./format";
import { parseIndex } from "./parseIndex";

export const modulusRange = `Enter a whole number from 1 to ${formatInteger(Number.MAX_SAFE_INTEGER)}.`;

/** Parses a modulus as people write it, or returns undefined for what is none. */
export function parseModulus(text: string): number | undefined {
  const parsed = parseIndex(text.replace(/^\s*m\s*=/i, ""));
  return "index" in parsed && parsed.index > 0 ? parsed.index : undefined;
}
