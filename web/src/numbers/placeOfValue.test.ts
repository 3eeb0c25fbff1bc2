import { expect, test } from "vitest";
import { placeOfValue } from "./placeOfValue";

test.each([
  [0n, [0]],
  [1n, [1, 2, -1]],
  [2n, [3, -3]],
  [13n, [7, -7]],
  [832_040n, [30]],
  [354_224_848_179_261_915_075n, [100]],
  [-1n, [-2]],
  [-8n, [-6]],
])("placeOfValue(%s) has each index of a Fibonacci number", (value, indices) => {
  expect(placeOfValue(value)).toEqual({ indices });
});

test.each([
  [4n, 4, 5],
  [832_039n, 29, 30],
  [832_041n, 30, 31],
  [-5n, -6, -4],
  [-2n, -4, -2],
])("placeOfValue(%s) is between two Fibonacci numbers", (value, below, above) => {
  expect(placeOfValue(value)).toEqual({ below, above });
});

test("placeOfValue knows values of up to 1,000 digits", () => {
  expect(placeOfValue(10n ** 1_000n - 1n)).toEqual({ below: 4_786, above: 4_787 });
  expect(placeOfValue(10n ** 1_000n)).toBeUndefined();
});
