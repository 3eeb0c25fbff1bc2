import { describe, expect, test } from "vitest";
import { labelledRemainders, nearestLine, niceStep, placeRemainder } from "./wheelGeometry";

test("placeRemainder begins at the top and goes clockwise", () => {
  expect([0, 1, 2, 3].map((remainder) => placeRemainder(remainder, 4, 100))).toEqual([
    { x: 0, y: -100 },
    { x: 100, y: 0 },
    { x: 0, y: 100 },
    { x: -100, y: 0 },
  ]);
});

test.each([
  [10, 60, 1],
  [97, 60, 2],
  [1_000, 60, 20],
  [7, 1, 10],
])("niceStep(%i, %i) is %i", (modulus, most, step) => {
  expect(niceStep(modulus, most)).toBe(step);
});

describe("labelledRemainders", () => {
  test("are all of a small modulus", () => {
    expect(labelledRemainders(5, 40)).toEqual([0, 1, 2, 3, 4]);
    expect(labelledRemainders(1, 40)).toEqual([0]);
  });

  test("keep the last one clear of 0", () => {
    expect(labelledRemainders(101, 20).at(-1)).toBe(90);
    expect(labelledRemainders(100, 10).at(-1)).toBe(90);
  });
});

describe("nearestLine", () => {
  const points = [
    { x: 0, y: 0 },
    { x: 100, y: 0 },
    { x: 100, y: 0 },
    { x: 100, y: 100 },
  ];

  test("finds the line beside a place", () => {
    expect(nearestLine(points, { x: 50, y: 4 }, 10)).toBe(0);
    expect(nearestLine(points, { x: 96, y: 50 }, 10)).toBe(2);
  });

  test("finds none that is too far", () => {
    expect(nearestLine(points, { x: 50, y: 30 }, 10)).toBeUndefined();
    expect(nearestLine(points, { x: -20, y: 0 }, 10)).toBeUndefined();
    expect(nearestLine([{ x: 0, y: 0 }], { x: 0, y: 0 }, 10)).toBeUndefined();
  });
});
