import { expect, test } from "vitest";
import { parseModulus } from "./parseModulus";

test.each([
  ["10", 10],
  ["m = 1,000", 1_000],
  ["10^6", 1_000_000],
  ["9007199254740991", Number.MAX_SAFE_INTEGER],
])("parseModulus reads %s", (text, modulus) => {
  expect(parseModulus(text)).toBe(modulus);
});

test.each(["", "0", "-8", "ten", "1.5", "9007199254740992"])("parseModulus refuses %j", (text) => {
  expect(parseModulus(text)).toBeUndefined();
});
