import { expect, test } from "vitest";
import { largestModulus, largestPeriodModulus, modulusRange, parseModulus } from "./parseModulus";

test.each([
  ["10", 10n],
  ["m = 1,000", 1_000n],
  ["10^6", 1_000_000n],
  ["2305843009213693951", 2n ** 61n - 1n],
  ["10^1000", 10n ** 1_000n],
])("parseModulus reads %s", (text, modulus) => {
  expect(parseModulus(text, largestModulus)).toBe(modulus);
});

test.each(["", "0", "-8", "-10^20", "ten", "1.5", "10^1001"])("parseModulus refuses %j", (text) => {
  expect(parseModulus(text, largestModulus)).toBeUndefined();
});

test("parseModulus refuses a modulus beyond the largest", () => {
  expect(parseModulus("10^30", largestPeriodModulus)).toBe(10n ** 30n);
  expect(parseModulus(`1${"0".repeat(29)}1`, largestPeriodModulus)).toBeUndefined();
  expect(modulusRange(largestPeriodModulus)).toBe("Enter a whole number from 1 to 10^30.");
});
