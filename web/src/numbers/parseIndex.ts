/** The result of parsing: an index, or what to type next, or what is wrong. */
export type ParsedIndex = { index: number } | { incomplete: string } | { invalid: string };

const sign = /^[-\u2212]/;
const grouped = /^\d{1,3}(?:([, '’_\u00a0\u2009\u202f])\d{3})(?:\1\d{3})*$/;

/**
 * Parses an index as people write it: digits, possibly with a minus sign in front
 * and in groups of three, as this page shows them.
 */
export function parseIndex(text: string): ParsedIndex {
  const trimmed = text.trim();
  if (trimmed === "") {
    return { incomplete: "Enter a whole number, such as 1,000 or −8." };
  }
  const size = trimmed.replace(sign, "");
  if (size === "") {
    return { incomplete: "Add digits after the minus sign." };
  }
  const digits = grouped.test(size) ? size.replace(/\D/g, "") : size;
  if (!/^\d+$/.test(digits)) {
    return { invalid: explain(size) };
  }
  const index = Number(digits);
  if (!Number.isSafeInteger(index)) {
    return {
      invalid:
        "That index is out of range. Enter a number from −9,007,199,254,740,991 to 9,007,199,254,740,991.",
    };
  }
  return { index: index === 0 || trimmed === size ? index : -index };
}

function explain(size: string): string {
  if (/^\d*[.,]\d*$/.test(size)) {
    return "An index is a whole number, without decimals.";
  }
  if (/^\d+(?:\.\d+)?e\+?\d*$/i.test(size)) {
    return "Write the index in full: 1,000,000, not 1e6.";
  }
  return "Use only digits, with a minus sign in front for a negative index.";
}
