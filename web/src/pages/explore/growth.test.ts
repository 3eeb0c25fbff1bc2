import { expect, test } from "vitest";
import { calculated } from "../../test/samples";
import { digitsPerStep, growthData, growthOf } from "./growth";

test("lengths are ordered by the size of the index, of F(n) and F(−n) it is F(n), and F(0) is left out", () => {
  const values = [
    calculated(12, "144"),
    calculated(0, "0"),
    calculated(8, "21"),
    calculated(-8, "-21"),
    calculated(-7, "13"),
  ];
  expect(growthOf(values)).toEqual([
    { index: -7, size: 7, digitCount: 2 },
    { index: 8, size: 8, digitCount: 2 },
    { index: 12, size: 12, digitCount: 3 },
  ]);
});

test("the line goes from one digit to the largest index, and stays within a digit of real lengths", () => {
  const growth = growthOf([calculated(1, "1"), calculated(93, "12200160415121876738")]);
  const [positions, lengths, line] = growthData(growth);
  expect(positions).toEqual([1, 1 / digitsPerStep, 93]);
  expect(lengths).toEqual([1, null, 20]);
  expect(line[0]).toBeNull();
  expect(line[1]).toBeCloseTo(1, 12);
  expect(Math.abs((line[2] ?? 0) - 20)).toBeLessThan(1);
});

test("without a value that is large enough there is no line, and without any nothing", () => {
  expect(growthData(growthOf([calculated(2, "1")]))).toEqual([[2], [1], [null]]);
  expect(growthData([])).toEqual([[], [], []]);
});
