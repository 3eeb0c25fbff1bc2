import { expect, test } from "vitest";
import { excessOf, maxRows, rangeIn, shifted } from "./range";

test.each([
  ["", { from: 0, to: 100 }],
  ["from=-8&to=8", { from: -8, to: 8 }],
  ["from=8&to=-8", { from: -8, to: 8 }],
  ["from=1.000&to=1e3", { from: 1_000, to: 1_000 }],
  ["from=500", { from: 500, to: 600 }],
  ["from=ten&to=20", { from: 0, to: 20 }],
])("rangeIn reads %j", (search, range) => {
  expect(rangeIn(new URLSearchParams(search))).toEqual(range);
});

test("shifted leads to the range beside, as far as indices are exact", () => {
  expect(shifted({ from: 0, to: 100 }, 1)).toEqual({ from: 101, to: 201 });
  expect(shifted({ from: 0, to: 100 }, -1)).toEqual({ from: -101, to: -1 });
  expect(shifted({ from: 0, to: Number.MAX_SAFE_INTEGER }, 1)).toBeUndefined();
});

test("excessOf bounds numbers and digits, and knows a range that fits", () => {
  expect(excessOf({ from: 0, to: 1_000 })).toBeUndefined();
  expect(excessOf({ from: -500, to: 500 })).toBeUndefined();
  const many = excessOf({ from: 0, to: 5_000 });
  expect(many?.reason).toContain("F(0) to F(5,000) are 5,001 numbers.");
  expect(many?.instead).toEqual({ from: 0, to: maxRows - 1 });
  const long = excessOf({ from: 100_000, to: 100_020 });
  expect(long?.reason).toContain("F(100,000) to F(100,020) have about 438,918 digits.");
  expect(long?.instead).toEqual({ from: 100_000, to: 100_010 });
  expect(excessOf({ from: 10_000_000, to: 10_000_000 })?.instead).toBeUndefined();
});
