import { expect, test } from "vitest";
import { formatRanges } from "./formatRanges";

test("formatRanges joins three or more consecutive indices", () => {
  expect(formatRanges([3])).toBe("F(3)");
  expect(formatRanges([0, 1, 2, 5, 7, 8, 60])).toBe("F(0) to F(2), F(5), F(7), F(8), F(60)");
  expect(formatRanges([])).toBe("");
});
