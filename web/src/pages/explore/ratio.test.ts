import { expect, test } from "vitest";
import { firstTerms } from "../../numbers/firstTerms";
import { ratiosOf, sharedDecimals } from "./ratio";

const sequence = firstTerms.slice(0, 62);

test("ratiosOf writes ratios in correct decimals", () => {
  const [first, second, third] = ratiosOf(sequence);
  expect([first?.text, second?.text, third?.text]).toEqual([
    `1.${"0".repeat(45)}`,
    `2.${"0".repeat(45)}`,
    `1.5${"0".repeat(44)}`,
  ]);
  // The golden ratio as published.
  expect(ratiosOf(sequence).at(-1)?.text.slice(0, 25)).toBe("1.61803398874989484820458");
});

test("ratiosOf approaches the golden ratio from alternate sides, beyond the precision of floats", () => {
  const ratios = ratiosOf(sequence);
  expect(ratios).toHaveLength(60);
  ratios.forEach(({ n, log10Distance, above }, i) => {
    expect(above).toBe(n % 2 === 0);
    expect(log10Distance).toBeLessThan(ratios[i - 1]?.log10Distance ?? 0);
  });
  // |F(n+1)/F(n) − φ| is φ^−n / F(n): for n = 60 that is 1.866 · 10^−25.
  expect(ratios.at(-1)?.log10Distance).toBeCloseTo(-24.72903, 5);
});

test("sharedDecimals counts the decimals of the golden ratio", () => {
  const shared = ratiosOf(sequence).map(sharedDecimals);
  expect(shared[0]).toBe(0);
  expect(shared[1]).toBe(0);
  expect(shared[9]).toBe(3);
  expect(shared[59]).toBe(23);
});
