import { expect, test } from "vitest";
import { tile } from "./tile";

const sides = [1, 1, 2, 3, 5, 8, 13, 21];

test("tile fills the rectangle with squares without overlap", () => {
  const { squares, width, height } = tile(sides);
  expect(squares.map(({ side }) => side)).toEqual(sides);
  const cells = new Set<string>();
  for (const { side, x, y } of squares) {
    for (let i = 0; i < side * side; i++) {
      cells.add(`${x + (i % side)} ${y + Math.floor(i / side)}`);
    }
  }
  expect([width, height]).toEqual([34, 21]);
  expect(cells.size).toBe(34 * 21);
});

test("tile draws the spiral through every square, from corner to opposite corner", () => {
  const { squares, spiral } = tile(sides);
  const [start = "", ...arcs] = spiral.slice(1).split("A");
  let at = start.split(" ").map(Number);
  expect(arcs).toHaveLength(squares.length);
  arcs.forEach((arc, i) => {
    const to = arc.split(" ").slice(-2).map(Number);
    const { side, x, y } = squares[i] ?? { side: 0, x: 0, y: 0 };
    expect([at[0], to[0]].sort((a = 0, b = 0) => a - b)).toEqual([x, x + side]);
    expect([at[1], to[1]].sort((a = 0, b = 0) => a - b)).toEqual([y, y + side]);
    at = to;
  });
});
