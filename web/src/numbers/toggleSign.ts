/** Adds a minus sign in front of the digits of an index, or removes the sign: "F(8)" becomes "F(−8)". */
export function toggleSign(text: string): string {
  const [, before = "", sign = "", size = ""] = /^(\D*?)\s*([-+\p{Pd}\u2212]?)\s*(\d.*)?$/su.exec(text) ?? [];
  return before + (sign === "" || sign === "+" ? "−" : "") + size;
}
