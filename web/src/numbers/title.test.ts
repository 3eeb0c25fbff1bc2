import { expect, test } from "vitest";
import { titleOf } from "./title";

test("titleOf has a short number whole, and of a longer one its length and first digits", () => {
  expect(titleOf(10, { sign: 1, digitCount: 2n, value: "55" })).toBe("F(10) = 55");
  expect(titleOf(0, { sign: 0, digitCount: 1n, value: "0" })).toBe("F(0) = 0");
  expect(titleOf(-30, { sign: -1, digitCount: 6n, value: "-832040" })).toBe("F(−30) = −832,040");
  const leading = "43466557686937456435";
  expect(titleOf(1_000, { sign: 1, digitCount: 209n, leading })).toBe("F(1,000): 209 digits, 43466557…");
  expect(titleOf(-1_000, { sign: -1, digitCount: 209n, value: `-${leading}` })).toBe(
    "F(−1,000): 209 digits, −43466557…",
  );
  expect(titleOf(1_000, undefined)).toBe("F(1,000)");
  const digitCount = 20_898_764_024_997_873_376n;
  expect(titleOf(-(10n ** 20n), { sign: -1, digitCount, leading })).toBe(
    "F(−10^20): about 2.0899 × 10^19 digits, −43466557…",
  );
});
