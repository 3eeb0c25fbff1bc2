import { expect, test } from "vitest";
import { fibonacci } from "../test/samples";
import { zeckendorf } from "./zeckendorf";

test("zeckendorf has the indices of the sum, no two of them neighbours", () => {
  expect(zeckendorf(0n)).toEqual([]);
  expect(zeckendorf(1n)).toEqual([2]);
  expect(zeckendorf(100n)).toEqual([11, 6, 4]);
  for (const size of [2n, 12n, 1_000n, 123_456_789n, 2n ** 53n - 1n, 10n ** 1_000n]) {
    const indices = zeckendorf(size);
    expect(indices.reduce((sum, k) => sum + fibonacci(k), 0n)).toBe(size);
    expect(indices.every((k, i) => i === 0 || (indices[i - 1] ?? 0) - k >= 2)).toBe(true);
  }
});
