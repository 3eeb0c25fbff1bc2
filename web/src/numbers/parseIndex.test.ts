import { describe, expect, test } from "vitest";
import { formatInteger } from "./format";
import { indexIn, parseIndex } from "./parseIndex";

describe("parseIndex", () => {
  test.each([
    ["0", 0],
    ["1000", 1000],
    [" 1000 ", 1000],
    ["007", 7],
    ["+5", 5],
    ["9007199254740991", 9_007_199_254_740_991],
    ["-9007199254740991", -9_007_199_254_740_991],
  ])("accepts the digits %j", (text, index) => {
    expect(parseIndex(text)).toEqual({ index });
  });

  test.each(["-", "−", "–", "—", "‐", "‑", "﹣", "-"])("accepts %j as a minus sign", (minus) => {
    expect(parseIndex(`${minus}8`)).toEqual({ index: -8 });
  });

  test.each([",", ".", " ", "'", "’", "_", "\u00a0", "\u2007", "\u2009", "\u202f", "\t", "\u3000", "٬"])(
    "accepts %j between groups",
    (separator) => {
      expect(parseIndex(["1", "000"].join(separator))).toEqual({ index: 1_000 });
      expect(parseIndex(["12", "345", "678"].join(separator))).toEqual({ index: 12_345_678 });
    },
  );

  test.each([
    "en",
    "de-DE",
    "de-CH",
    "fr-FR",
    "ar-EG",
    "en-IN",
    "hi-IN-u-nu-deva",
    "fa-IR",
    "sv-SE",
    "pl-PL",
  ])("accepts what Intl writes in %s", (locale) => {
    for (const index of [-8, 1_000, 12_345_678, -100_000_000]) {
      expect(parseIndex(index.toLocaleString(locale))).toEqual({ index });
    }
  });

  test.each([
    ["1e6", 1_000_000],
    ["1E+6", 1_000_000],
    ["2.5e3", 2_500],
    ["2,5e3", 2_500],
    ["1.50e1", 15],
    ["0e999", 0],
    ["10^6", 1_000_000],
    ["10**6", 1_000_000],
    ["10 ^ 6", 1_000_000],
    ["10⁶", 1_000_000],
    ["2^20", 1_048_576],
    ["-2^10", -1_024],
    ["7^0", 1],
    ["1^99999999999999999999", 1],
    ["0^99999999999999999999", 0],
    ["3 × 10^8", 300_000_000],
    ["3·10⁸", 300_000_000],
  ])("accepts the power %j", (text, index) => {
    expect(parseIndex(text)).toEqual({ index });
  });

  test.each([
    ["F(100)", 100],
    ["f(100)", 100],
    ["F(−8)", -8],
    ["F(1,000)", 1_000],
    ["F( 10^6 )", 1_000_000],
    ["F(100", 100],
    ["F100", 100],
    ["F₁₀₀", 100],
    ["F_100", 100],
    ["fib(10)", 10],
    ["Fibonacci 10", 10],
    ["n = 10", 10],
  ])("accepts the name %j", (text, index) => {
    expect(parseIndex(text)).toEqual({ index });
  });

  test.each([
    ["１０００", 1_000],
    ["１，０００", 1_000],
    ["٣٬١٤٢", 3_142],
    ["१०,००,०००", 1_000_000],
    ["𝟏𝟎", 10],
    ["\u200b1000\u200e", 1_000],
    ["\ufeff1\u2060000", 1_000],
    ["\u2066-8\u2069", -8],
    ["1\u00ad000", 1_000],
    ["100000.", 100_000],
    ["1,000.", 1_000],
    ["12 345 678,", 12_345_678],
    ["10,00,000;", 1_000_000],
    ["F(100),", 100],
    ["F(10^6).", 1_000_000],
  ])("accepts %j as it comes from other programs", (text, index) => {
    expect(parseIndex(text)).toEqual({ index });
  });

  test("accepts what this page writes", () => {
    for (const index of [0, -8, 1_000, -9_007_199_254_740_991]) {
      expect(parseIndex(formatInteger(index))).toEqual({ index });
    }
  });

  test("returns no negative zero", () => {
    expect(parseIndex("-0")).toStrictEqual({ index: 0 });
    expect(parseIndex("-0e5")).toStrictEqual({ index: 0 });
  });

  test.each([
    "",
    "  ",
    "\u200b",
    "-",
    "−",
    "+",
    "F(",
    "F()",
    "10^",
    "1e",
    "1e+",
    "1,",
    "1.0",
    "1,000,00",
    "1.5",
  ])("asks for more after %j", (text) => {
    expect(parseIndex(text)).toHaveProperty("incomplete");
  });

  test.each(["1,000,000", "1.000.000", "1 000 000", "10^6", "1e6", "F(100)", "-8", "10,00,000"])(
    "refuses nothing while %j is being typed",
    (text) => {
      for (let length = 0; length <= text.length; length++) {
        expect(parseIndex(text.slice(0, length))).not.toHaveProperty("invalid");
      }
    },
  );

  test.each([
    ["1.5555", "no decimals"],
    ["12345.6", "no decimals"],
    ["1e-3", "without decimals"],
    ["2.55e1", "without decimals"],
    ["abc", "not a whole number"],
    ["10 apples", "not a whole number"],
    ["--8", "not a whole number"],
    ["8-", "not a whole number"],
    ["0x10", "not a whole number"],
    ["1,0000", "Groups have three digits"],
    ["1,000,0000", "Groups have three digits"],
    ["1,000.000", "not a whole number"],
    ["9007199254740992", "too large"],
    ["-9007199254740992", "too large"],
    ["9".repeat(400), "too large"],
    ["1e16", "too large"],
    ["10^1001", "too large, even for facts"],
    ["2^3322", "too large, even for facts"],
    ["9".repeat(1_001), "too large, even for facts"],
    ["1e999999999999", "too large, even for facts"],
    ["9^99999999999", "too large, even for facts"],
    [`${"9".repeat(600)}^2`, "too large, even for facts"],
  ])("explains what is wrong with %j", (text, sentence) => {
    const parsed = parseIndex(text);
    expect("invalid" in parsed ? parsed.invalid : "incomplete" in parsed ? parsed.incomplete : "").toContain(
      sentence,
    );
  });
});

test.each([
  ["9007199254740992", 2n ** 53n],
  ["−354,224,848,179,261,915,075", -354_224_848_179_261_915_075n],
  ["1e17", 10n ** 17n],
  ["2.5e30", 25n * 10n ** 29n],
  ["10^100", 10n ** 100n],
  ["F(10^1000)", 10n ** 1_000n],
  ["-10^1000", -(10n ** 1_000n)],
  ["2^3321", 2n ** 3_321n],
])("%j is too large to calculate, but something is known of it", (text, index) => {
  const parsed = parseIndex(text);
  expect(parsed).toMatchObject({ tooLarge: index, invalid: expect.stringContaining("to calculate") });
  expect(indexIn(parsed)).toBe(index);
});

test("indexIn has each index of which something is known", () => {
  expect(indexIn(parseIndex("-8"))).toBe(-8);
  for (const text of ["", "ten", "10^1001"]) {
    expect(indexIn(parseIndex(text))).toBeUndefined();
  }
});

test("a text of millions of characters is told from an index without reading it", () => {
  expect(parseIndex("9".repeat(5_000_000))).toEqual(parseIndex("9".repeat(1_001)));
  expect(parseIndex("٩".repeat(5_000_000))).toEqual(parseIndex("9".repeat(1_001)));
  expect(parseIndex("no index ".repeat(1_000_000))).toEqual(parseIndex("no index"));
});
