/** What a typed text says: an index, nothing yet, or what is wrong with it. */
export type ParsedIndex = { index: number } | { incomplete: string } | { invalid: string };

const sign = /^[-\u2212]/;
const grouped = /^\d{1,3}(?:([, '’_\u00a0\u2009\u202f])\d{3})(?:\1\d{3})*$/;

/**
 * Reads an index as people write it: digits, a minus in front, and groups of
 * three as this page shows them.
 */
export function parseIndex(text: string): ParsedIndex {
  const trimmed = text.trim();
  if (trimmed === "") {
    return { incomplete: "Type a whole number, such as 1000 or −8." };
  }
  const size = trimmed.replace(sign, "");
  if (size === "") {
    return { incomplete: "Go on with digits after the minus." };
  }
  const digits = grouped.test(size) ? size.replace(/\D/g, "") : size;
  if (!/^\d+$/.test(digits)) {
    return { invalid: explain(size) };
  }
  const index = Number(digits);
  if (!Number.isSafeInteger(index)) {
    return {
      invalid: "That is beyond what Pisano can count: indices stay below 9,007,199,254,740,992 in size.",
    };
  }
  return { index: index === 0 || trimmed === size ? index : -index };
}

function explain(size: string): string {
  if (/^\d*[.,]\d*$/.test(size)) {
    return "An index is a whole number, without a fraction.";
  }
  if (/^\d+(?:\.\d+)?e\+?\d*$/i.test(size)) {
    return "Write the index out in digits: 1000000, not 1e6.";
  }
  return "An index is made of digits, with a minus in front if it is negative.";
}
