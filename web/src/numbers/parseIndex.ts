import { type Index, largestIndex } from "./largeIndex";
import { plainText } from "./plainText";

/**
 * The result of parsing: an index, or what to type next, or what is wrong. An index that is too large to calculate is
 * there too, if something is known of it.
 */
export type ParsedIndex = { index: number } | { incomplete: string } | { invalid: string; tooLarge?: bigint };

const anyNumber = "Enter a whole number, such as 1,000 or −8.";
const notANumber: ParsedIndex = {
  invalid: "That is not a whole number. 1,000, −8, 1e6, 2^20 and F(100) all work.",
};
const fractional = "An index is a whole number, without decimals.";
const openGroup = "An index has no decimals. Groups have three digits, as in 1,000.";
/** F(2^53) has 1.9 · 10^15 digits. */
const tooLarge =
  "That index is too large to calculate: its Fibonacci number has more than a quadrillion digits.";
const beyondFacts: ParsedIndex = {
  invalid: "That index is too large, even for facts about its Fibonacci number, which end at F(10^1000).",
};
/** The exponents of the largest powers of two and of ten that may be an index, which end at 10^1000. */
const [largestOfTwo, largestOfTen] = [3_321, 1_000];

/** Digits, or groups of three of them with one kind of separator, or groups of two before the last, as in India. */
const grouped = /^\d{1,3}([,. '_])\d{3}(?:\1\d{3})*$|^\d{1,2}([, ])(?:\d{2}\2)+\d{3}$/;
/** What may become grouped digits. */
const groupedSoFar = /^\d{1,3}([,. '_])(?:\d{2,3}\1)*\d{0,2}$/;

/** Digits with one kind of separator in other places. It may be meant as a decimal point. */
const wrongGroups = /^\d*([,. '_])(?:\d*\1)*\d*$/;

/** Punctuation of the sentence that an index was copied from, behind what can only be its end. */
const punctuation = /(\d{4}|[,. '_]\d{3}|\))[.,;]$/;

/** A longer text is no index of which anything is known, and to read it would keep the page busy for seconds. */
const longestText = 10_000;
/** What is neither a digit of any script, nor between groups, nor a sign. */
const notOfDigits = /[^\p{N}\p{Pd}\p{Z}\p{C}.,'’_+\u2212\u066c]/u;

/**
 * Parses an index as people write it: digits of any script, possibly in groups; 1e6, 10^6 and 2^20; the name
 * of a number, as in F(100); with any kind of minus sign or a plus sign in front.
 */
export function parseIndex(text: string): ParsedIndex {
  if (text.length > longestText) {
    return notOfDigits.test(text) ? notANumber : beyondFacts;
  }
  const plain = plainText(text).replace(punctuation, "$1");
  if (plain === "") {
    return { incomplete: anyNumber };
  }
  const written = withoutName(plain);
  if (written === "" || "fibonacci".startsWith(written.toLowerCase()) || /^n$/i.test(written)) {
    return { incomplete: anyNumber };
  }
  const size = written.replace(/^[-+] ?/, "");
  if (size === "") {
    return { incomplete: `Add digits after the ${written === "-" ? "minus" : "plus"} sign.` };
  }
  const parsed = parseSize(size);
  return written.startsWith("-") ? negated(parsed) : parsed;
}

/** Returns the index in a text, also one that is too large to calculate, or undefined if nothing is known of it. */
export function indexIn(parsed: ParsedIndex): Index | undefined {
  return "index" in parsed ? parsed.index : "tooLarge" in parsed ? parsed.tooLarge : undefined;
}

function negated(parsed: ParsedIndex): ParsedIndex {
  if ("index" in parsed) {
    return { index: parsed.index === 0 ? 0 : -parsed.index };
  }
  return "tooLarge" in parsed && parsed.tooLarge !== undefined
    ? { ...parsed, tooLarge: -parsed.tooLarge }
    : parsed;
}

/** "F(100)", "f 100" and "n = 100" as "100". A closing parenthesis may be missing while the text is being typed. */
function withoutName(text: string): string {
  return text
    .replace(/^n ?= ?/i, "")
    .replace(/^(?:F|fib(?:onacci)?)(?: ?\( ?([^()]*?) ?\)?|[ _]?([-+]?\d.*))$/i, "$1$2");
}

function parseSize(size: string): ParsedIndex {
  if (grouped.test(size)) {
    return indexOf(BigInt(size.replace(/\D/g, "")));
  }
  if (/^\d+$/.test(size)) {
    return indexOf(BigInt(size));
  }
  return parsePower(size) ?? parseScientific(size) ?? explain(size);
}

/** 10^6, 2**20. */
function parsePower(size: string): ParsedIndex | undefined {
  const [, base, exponent] = /^(\d+) ?(?:\^|\*\*) ?\+?(\d*)$/.exec(size) ?? [];
  if (base === undefined || exponent === undefined) {
    return undefined;
  }
  if (exponent === "") {
    return { incomplete: "Add an exponent, as in 10^6." };
  }
  const [b, e] = [BigInt(base), BigInt(exponent)];
  if (b <= 1n) {
    return { index: e === 0n ? 1 : Number(b) };
  }
  const isKnown = e <= largestOfTwo && (String(b).length - 1) * Number(e) <= largestOfTen;
  return isKnown ? indexOf(b ** e) : beyondFacts;
}

/** 1e6, 2.5E3, 3 × 10^8. */
function parseScientific(size: string): ParsedIndex | undefined {
  const [, whole, fraction = "", letter, power] =
    /^(\d+)(?:[.,](\d+))?(?: ?e ?\+?(\d*)| ?[×x·*⋅] ?10 ?(?:\^|\*\*) ?\+?(\d*))$/i.exec(size) ?? [];
  const exponent = letter ?? power;
  if (whole === undefined || exponent === undefined) {
    return undefined;
  }
  if (exponent === "") {
    return { incomplete: "Add an exponent, as in 1e6." };
  }
  const digits = (whole + fraction).replace(/^0+(?=\d)/, "");
  const zeros = Number(exponent) - fraction.length;
  if (zeros < 0) {
    const cut = digits.slice(zeros);
    return /[1-9]/.test(cut) ? { invalid: fractional } : indexOf(BigInt(digits.slice(0, zeros) || "0"));
  }
  if (digits === "0") {
    return { index: 0 };
  }
  return zeros > largestOfTen ? beyondFacts : indexOf(BigInt(digits + "0".repeat(zeros)));
}

function indexOf(size: bigint): ParsedIndex {
  if (size <= Number.MAX_SAFE_INTEGER) {
    return { index: Number(size) };
  }
  return size <= largestIndex ? { invalid: tooLarge, tooLarge: size } : beyondFacts;
}

function explain(size: string): ParsedIndex {
  if (groupedSoFar.test(size)) {
    return { incomplete: openGroup };
  }
  if (wrongGroups.test(size)) {
    return { invalid: openGroup };
  }
  return /^\d+(?:\.\d+)?e-\d*$/i.test(size) ? { invalid: fractional } : notANumber;
}
