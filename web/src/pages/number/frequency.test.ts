import { expect, test } from "vitest";
import { describeCounts, percentages, percentTicks } from "./frequency";

test("describeCounts names the most and the least common digits and the sum of all", () => {
  expect(describeCounts([3, 5, 3, 1, 1, 1, 2, 2, 2, 0])).toBe(
    "Most common: 1. Least common: 9. The digits add up to 65.",
  );
  expect(describeCounts([4, 4, 1, 2, 2, 2, 2, 2, 2, 1])).toBe(
    "Most common: 0 and 1. Least common: 2 and 9. The digits add up to 81.",
  );
  expect(describeCounts([2, 2, 2, 2, 2, 2, 2, 2, 2, 2])).toBe(
    "All digits are equally common. The digits add up to 90.",
  );
});

test("percentages are the shares of all digits", () => {
  expect(percentages([0, 0, 0, 0, 0, 3, 0, 1, 0, 0])).toEqual([0, 0, 0, 0, 0, 75, 0, 25, 0, 0]);
});

test("percentTicks are few and round", () => {
  expect(percentTicks(11.3)).toEqual([0, 2, 4, 6, 8, 10]);
  expect(percentTicks(110)).toEqual([0, 20, 40, 60, 80, 100]);
  expect(percentTicks(55)).toEqual([0, 10, 20, 30, 40, 50]);
});
