import { expect, test } from "vitest";
import { firstTerms } from "./firstTerms";
import { zeckendorf } from "./zeckendorf";

test("zeckendorf has the indices of the sum, no two of them neighbours", () => {
  expect(zeckendorf(0)).toEqual([]);
  expect(zeckendorf(1)).toEqual([2]);
  expect(zeckendorf(100)).toEqual([11, 6, 4]);
  for (const size of [2, 12, 1_000, 123_456_789, Number.MAX_SAFE_INTEGER]) {
    const indices = zeckendorf(size);
    expect(indices.reduce((sum, k) => sum + (firstTerms[k] ?? 0n), 0n)).toBe(BigInt(size));
    expect(indices.every((k, i) => i === 0 || (indices[i - 1] ?? 0) - k >= 2)).toBe(true);
  }
});
