import { expect, test } from "vitest";
import { calculated } from "../../test/samples";
import { digitsPerStep, growthData, growthOf } from "./growth";

test("growthOf orders by size of index, prefers F(n) to F(−n) and leaves out F(0)", () => {
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

test("growthData draws the line from one digit to the largest index, within a digit of the real lengths", () => {
  const growth = growthOf([calculated(1, "1"), calculated(93, "12200160415121876738")]);
  const [positions, lengths, line] = growthData(growth);
  expect(positions).toEqual([1, 1 / digitsPerStep, 93]);
  expect(lengths).toEqual([1, null, 20]);
  expect(line[0]).toBeNull();
  expect(line[1]).toBeCloseTo(1, 12);
  expect(Math.abs((line[2] ?? 0) - 20)).toBeLessThan(1);
});

test("growthData has no line without a value of two digits, and nothing without values", () => {
  expect(growthData(growthOf([calculated(2, "1")]))).toEqual([[2], [1], [null]]);
  expect(growthData([])).toEqual([[], [], []]);
});
