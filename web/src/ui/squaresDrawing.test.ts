import { expect, test } from "vitest";
import { drawSquares, intersect } from "./squaresDrawing";

const sides = [1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89];
const counts = sides.map((_, i) => i + 1);

test("drawSquares is in landscape and within its whole, with the last square at the left, for every number of squares", () => {
  for (const count of counts) {
    const { squares, whole } = drawSquares(sides, count);
    expect(squares).toHaveLength(count);
    expect(whole.width).toBeCloseTo(1004);
    expect(whole.width).toBeGreaterThanOrEqual(whole.height);
    for (const { place, opacity } of squares) {
      const { x, y, width, height } = intersect(place, whole) ?? whole;
      expect(x).toBeCloseTo(place.x);
      expect(y).toBeCloseTo(place.y);
      expect(width).toBeCloseTo(place.width);
      expect(height).toBeCloseTo(place.height);
      expect(opacity).toBe(1);
    }
    expect(squares.at(-1)?.place.x).toBeCloseTo(whole.x + 2);
  }
});

test("drawSquares turns by a quarter from one count to the next, while the last square appears", () => {
  const angle = (count: number) => Number(/rotate\((.*)\)/.exec(drawSquares(sides, count).transform)?.[1]);
  for (const count of counts.slice(0, -1)) {
    expect(angle(count + 1) - angle(count)).toBe(90);
    expect(angle(count + 0.5) - angle(count)).toBe(45);
    const [before, after] = [drawSquares(sides, count), drawSquares(sides, count + 1)];
    const between = drawSquares(sides, count + 0.5);
    expect(between.squares.at(-1)?.opacity).toBe(0.5);
    expect(between.whole.x).toBeCloseTo((before.whole.x + after.whole.x) / 2);
    const size = ({ squares }: typeof before) => squares[0]?.place.width ?? 0;
    expect(size(between)).toBeCloseTo(Math.sqrt(size(before) * size(after)));
  }
});

test("intersect returns what two parts have in common, if anything", () => {
  const a = { x: 0, y: 0, width: 10, height: 10 };
  expect(intersect(a, { x: -5, y: 4, width: 7, height: 20 })).toEqual({ x: 0, y: 4, width: 2, height: 6 });
  expect(intersect(a, { x: 10, y: 0, width: 5, height: 5 })).toBeUndefined();
});
