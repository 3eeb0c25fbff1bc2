import { expect, test } from "vitest";
import { digitCountOf } from "./digitCount";
import { firstTerms } from "./firstTerms";

test("digitCountOf agrees with the digits of the first numbers", () => {
  for (const [n, term] of firstTerms.entries()) {
    if (n > 0) {
      expect(digitCountOf(n)).toBe(String(term).length);
    }
  }
});

test.each([
  [1_000, 209],
  [10_000, 2_090],
  [100_000, 20_899],
  [1_000_000, 208_988],
  [10_000_000, 2_089_877],
  [100_000_000, 20_898_764],
])("digitCountOf %d is %d", (n, digits) => {
  expect(digitCountOf(n)).toBe(digits);
});
