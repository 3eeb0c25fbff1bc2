import { expect, test } from "vitest";
import { remainder } from "./remainder";

test("remainder is that of F(n), for negative n too", () => {
  let [term, next] = [0n, 1n];
  for (let n = 0; n < 200; n++) {
    for (let m = 1n; m < 40n; m++) {
      expect(remainder(n, m)).toBe(term % m);
      const negative = n % 2 === 0 ? -term : term;
      expect(remainder(-n, m)).toBe(((negative % m) + m) % m);
    }
    [term, next] = [next, term + next];
  }
});

test("remainder needs no digits", () => {
  expect(remainder(Number.MAX_SAFE_INTEGER, 10n)).toBe(9n); // as F(31), because last digits repeat after 60 terms
  expect(remainder(-Number.MAX_SAFE_INTEGER, 1_000_000_007n)).toBe(
    remainder(Number.MAX_SAFE_INTEGER, 1_000_000_007n),
  );
  const index = 10n ** 1_000n; // is 40 modulo 60
  expect(remainder(index, 10n)).toBe(5n); // as F(40)
  expect(remainder(-index, 10n)).toBe(5n);
  expect(remainder(1n - index, 1_000n)).toBe(remainder(index - 1n, 1_000n));
});
