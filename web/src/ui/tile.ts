interface Square {
  side: number;
  x: number;
  y: number;
}

interface Tiling {
  squares: Square[];
  /** A path of quarter circles through the squares. */
  spiral: string;
  width: number;
  height: number;
}

/**
 * Tiles a rectangle with squares of the given sides, each placed along the longer
 * side of the rectangle so far: right, above, left, below, and so on. There are no
 * gaps if the sides are F(1), F(2) and so on. The rectangle starts at (0, 0).
 */
export function tile(sides: readonly number[]): Tiling {
  const squares: Square[] = [];
  let [left, top, right, bottom] = [0, 0, sides[0] ?? 0, 0];
  for (const [i, side] of sides.entries()) {
    switch (i % 4) {
      case 1:
        squares.push({ side, x: right, y: top });
        right += side;
        break;
      case 2:
        top -= side;
        squares.push({ side, x: left, y: top });
        break;
      case 3:
        left -= side;
        squares.push({ side, x: left, y: top });
        break;
      default:
        squares.push({ side, x: left, y: bottom });
        bottom += side;
    }
  }
  const moved = squares.map(({ side, x, y }) => ({ side, x: x - left, y: y - top }));
  return { squares: moved, spiral: spiralThrough(moved), width: right - left, height: bottom - top };
}

/** Returns a path that enters each square at a corner and leaves it at the opposite one. */
function spiralThrough(squares: Square[]): string {
  const arcs = squares.map(({ side, x, y }, i) => {
    const atRight = i % 4 === 0 || i % 4 === 1;
    const atBottom = i % 4 === 0 || i % 4 === 3;
    return `A${side} ${side} 0 0 0 ${x + (atRight ? side : 0)} ${y + (atBottom ? side : 0)}`;
  });
  return `M${squares[0]?.x ?? 0} ${squares[0]?.y ?? 0}${arcs.join("")}`;
}
