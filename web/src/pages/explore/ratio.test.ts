import { expect, test } from "vitest";
import { ratiosOf, sharedDecimals } from "./ratio";

/** F(0) to F(61) by the definition. */
const sequence = new Map<number, bigint>([
  [0, 0n],
  [1, 1n],
]);
for (let n = 2; n <= 61; n++) {
  sequence.set(n, (sequence.get(n - 1) ?? 0n) + (sequence.get(n - 2) ?? 0n));
}

test("a ratio is written in decimals that are all right", () => {
  const [first, second, third] = ratiosOf(sequence);
  expect([first?.text, second?.text, third?.text]).toEqual([
    `1.${"0".repeat(30)}`,
    `2.${"0".repeat(30)}`,
    `1.5${"0".repeat(29)}`,
  ]);
  // The golden ratio as it is found in books.
  expect(ratiosOf(sequence).at(-1)?.text.slice(0, 25)).toBe("1.61803398874989484820458");
});

test("they come nearer with each step, from both sides by turns, further than floats can tell", () => {
  const ratios = ratiosOf(sequence);
  expect(ratios).toHaveLength(60);
  ratios.forEach(({ n, log10Distance, above }, i) => {
    expect(above).toBe(n % 2 === 0);
    expect(log10Distance).toBeLessThan(ratios[i - 1]?.log10Distance ?? 0);
  });
  // |F(n+1)/F(n) − φ| is φ^−n / F(n): for n = 60 that is 1.866 · 10^−25.
  expect(ratios.at(-1)?.log10Distance).toBeCloseTo(-24.72903, 5);
});

test("where a value is not there, the ratios with it are not either", () => {
  const holed = new Map(sequence);
  holed.delete(10);
  expect(ratiosOf(holed).map(({ n }) => n)).not.toContain(9);
  expect(ratiosOf(holed).map(({ n }) => n)).not.toContain(10);
  expect(ratiosOf(holed)).toHaveLength(58);
});

test("decimals in common are counted", () => {
  const shared = ratiosOf(sequence).map(sharedDecimals);
  expect(shared[0]).toBe(0);
  expect(shared[1]).toBe(0);
  expect(shared[9]).toBe(3);
  expect(shared[59]).toBe(23);
});
