import { expect, test } from "vitest";
import { tile } from "./tile";

const sides = [1, 1, 2, 3, 5, 8, 13, 21];

test("tile fills the rectangle with squares without overlap", () => {
  const { squares, left, top, width, height } = tile(sides);
  expect(squares.map(({ side }) => side)).toEqual(sides);
  const cells = new Set<string>();
  for (const { side, x, y } of squares) {
    for (let i = 0; i < side * side; i++) {
      cells.add(`${x + (i % side)} ${y + Math.floor(i / side)}`);
    }
  }
  expect([width, height]).toEqual([34, 21]);
  expect(cells.size).toBe(34 * 21);
  expect(Math.min(...squares.map(({ x }) => x))).toBe(left);
  expect(Math.min(...squares.map(({ y }) => y))).toBe(top);
});

test("tile draws the spiral through every square, from corner to opposite corner", () => {
  let end = [0, 0];
  for (const { side, x, y, arc } of tile(sides).squares) {
    const [from = [], to = []] = arc
      .slice(1)
      .split("A")
      .map((part) => part.split(" ").slice(-2).map(Number));
    expect(from).toEqual(end);
    expect([from[0], to[0]].sort((a = 0, b = 0) => a - b)).toEqual([x, x + side]);
    expect([from[1], to[1]].sort((a = 0, b = 0) => a - b)).toEqual([y, y + side]);
    end = to;
  }
});
