import { expect, test } from "vitest";
import { barData, describeCounts } from "./frequency";

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

test("barData has shares in percent", () => {
  const [positions, shares, tenth] = barData([0, 0, 0, 0, 0, 3, 0, 1, 0, 0]);
  expect(positions).toEqual([-0.5, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9.5]);
  expect(shares).toEqual([null, 0, 0, 0, 0, 0, 75, 0, 25, 0, 0, null]);
  expect(tenth).toEqual(new Array(12).fill(10));
});
