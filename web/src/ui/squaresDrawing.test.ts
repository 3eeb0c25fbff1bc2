import { expect, test } from "vitest";
import { drawSquares, intersect } from "./squaresDrawing";

const sides = [1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89];

test("drawSquares is in landscape and within its whole, for every number of squares", () => {
  for (const [i] of sides.entries()) {
    const { squares, whole } = drawSquares(sides.slice(0, i + 1));
    expect(whole.width).toBeCloseTo(1004);
    expect(whole.width).toBeGreaterThanOrEqual(whole.height);
    for (const { place } of squares) {
      const { x, y, width, height } = intersect(place, whole) ?? whole;
      expect(x).toBeCloseTo(place.x);
      expect(y).toBeCloseTo(place.y);
      expect(width).toBeCloseTo(place.width);
      expect(height).toBeCloseTo(place.height);
    }
  }
});

test("intersect returns what two parts have in common, if anything", () => {
  const a = { x: 0, y: 0, width: 10, height: 10 };
  expect(intersect(a, { x: -5, y: 4, width: 7, height: 20 })).toEqual({ x: 0, y: 4, width: 2, height: 6 });
  expect(intersect(a, { x: 10, y: 0, width: 5, height: 5 })).toBeUndefined();
});
