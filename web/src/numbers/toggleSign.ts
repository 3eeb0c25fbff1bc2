/** An index up to its sign, the sign, and the rest, which begins with a digit of any script. */
const parts = /^(\P{N}*?)\s*([+\uff0b\p{Pd}\u2212]?)\s*(\p{N}.*)?$/su;

/** Adds a minus sign in front of the digits of an index, or removes the sign: "F(8)" becomes "F(−8)". */
export function toggleSign(text: string): string {
  const [, before = "", sign = "", size = ""] = parts.exec(text) ?? [];
  return before + (/^[+\uff0b]?$/.test(sign) ? "−" : "") + size;
}
