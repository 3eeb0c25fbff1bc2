/**
 * Returns text with only what matters of it: plain digits, "-" for every dash, single spaces, and nothing
 * invisible, as text copied from pages, spreadsheets and chats often has.
 */
export function plainText(text: string): string {
  return text
    .replace(/[⁰¹²³⁴-⁹⁺⁻]+/g, (exponent) => `^${exponent}`) // before NFKC, which would make 10⁶ 106
    .normalize("NFKC")
    .replace(/[\p{Cf}\p{Variation_Selector}]/gu, "")
    .replace(/\p{Nd}/gu, (digit) => String(digitValue(digit)))
    .replace(/[\p{Pd}\u2212]/gu, "-")
    .replace(/\u066b/g, ".") // the Arabic decimal separator
    .replace(/[\u066c،]/g, ",")
    .replace(/[\u2018\u2019\u02bc\u2032\u00b4`]/g, "'")
    .replace(/[\s\p{Z}\p{Cc}]+/gu, " ")
    .trim();
}

/** The value of a digit of any script. Unicode keeps the ten digits of a script together and in order. */
function digitValue(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let before = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(code - before - 1))) {
    before++;
  }
  return before % 10;
}
