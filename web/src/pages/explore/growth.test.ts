import { expect, test } from "vitest";
import { growth, growthOn } from "./growth";

test("growth ascends from F(1) to F(100,000,000)", () => {
  expect(growth[0]).toEqual({ index: 1, digitCount: 1 });
  expect(growth.at(-1)).toEqual({ index: 100_000_000, digitCount: 20_898_764 });
  for (const [i, { index, digitCount }] of growth.entries()) {
    expect(index).toBeGreaterThan(growth[i - 1]?.index ?? 0);
    expect(digitCount).toBeGreaterThanOrEqual(growth[i - 1]?.digitCount ?? 0);
  }
});

test("growthOn has every number on a log scale, and on a linear one those with consecutive indices", () => {
  expect(growthOn.log).toBe(growth);
  expect(growthOn.linear).toHaveLength(93);
  expect(growthOn.linear.at(-1)).toEqual({ index: 93, digitCount: 20 });
});
