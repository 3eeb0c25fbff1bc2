import { expect, test } from "vitest";
import { digitCountOf } from "../../numbers/digitCount";
import { remainder } from "../../numbers/remainder";
import { fibonacci } from "../../test/samples";
import {
  whyDigits,
  whyFactors,
  whyLeading,
  whyLucas,
  whyParity,
  whyPrime,
  whySign,
  whyTrailing,
} from "./reasons";

const googol = 10n ** 100n;

test("whySign tells the parity of a negative index, which decides", () => {
  expect(whySign(0)).toContain("begins with F(0) = 0");
  expect(whySign(10)).toContain("positive");
  expect(whySign(-8)).toContain("−F(n) for even n. 8 is even.");
  expect(whySign(-7)).toContain("7 is odd.");
  expect(whySign(-googol - 1n)).toContain("10,000…000,001 is odd.");
});

test("whyParity tells what 3 leaves of the index", () => {
  expect(whyParity(999)).toContain("3 divides 999.");
  expect(whyParity(1_000)).toContain("1,000 leaves 1.");
  expect(whyParity(-8)).toContain("8 leaves 2.");
  expect(whyParity(googol)).toContain("10^100 leaves 1.");
});

test("whyDigits has a formula that gives the number of digits", () => {
  expect(whyDigits(1)).toBeUndefined();
  for (const n of [2, 6, 7, 12, 1_000, 99_999_999]) {
    const [, whole] = /⌊([\d,.]+)…⌋ \+ 1/.exec(whyDigits(n) ?? "") ?? [];
    expect(Math.floor(Number(whole?.replaceAll(",", ""))) + 1).toBe(digitCountOf(n));
  }
  expect(whyDigits(-8)).toContain("F(−n) has the digits of F(n).");
  expect(whyDigits(googol)).not.toContain("For n =");
});

test("whyPrime tells of a divisor why it is one", () => {
  expect(whyPrime(10, { verdict: "composite", reason: "F(5) divides F(n).", divisor: "5" })).toBe(
    "F(d) divides F(n) whenever d divides n, and 5 divides 10.",
  );
  expect(whyPrime(7, { verdict: "prime", reason: "It is in the list." })).toBe("It is in the list.");
});

test("whyFactors tells where the largest of the primes first divides, and that is true", () => {
  expect(whyFactors(1_000, [3, 5, 11])).toContain("11 first divides F(10), and 10 divides 1,000.");
  expect(whyFactors(-10, [5, 11])).toContain("11 first divides F(10).");
  expect(whyFactors(0, [2, 3, 5])).toBe("0 is a multiple of every number.");
  expect(fibonacci(10) % 11n).toBe(0n);
});

test("whyLeading tells that the sign does not matter", () => {
  expect(whyLeading(-1_000)).toMatch(/^F\(−n\) has the digits of F\(n\)\. F\(n\) is so near/);
  expect(whyLeading(1_000)).toMatch(/^F\(n\) is so near/);
});

test("whyTrailing is true", () => {
  for (const [power, period] of [
    [10n, 60n],
    [100n, 300n],
    [10n ** 50n, 15n * 10n ** 49n],
  ] as const) {
    expect([remainder(period, power), remainder(period + 1n, power)]).toEqual([0n, 1n]);
  }
  expect(whyTrailing(-1_000)).toMatch(
    /^F\(−n\) has the digits of F\(n\)\. .*modulo 10 after 60 .*modulo 100 after 300, modulo 10\^50 after 15 · 10\^49\.$/,
  );
});

test("whyLucas adds both neighbours", () => {
  expect(whyLucas(10)).toContain("F(9) + F(11) = 34 + 89.");
  expect(whyLucas(-7)).toContain("F(−8) + F(−6) = −21 + (−8).");
});
