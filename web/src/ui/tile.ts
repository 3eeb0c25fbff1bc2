interface Square {
  side: number;
  x: number;
  y: number;
  /** The quarter circle through it, as a path. */
  arc: string;
}

interface Tiling {
  squares: Square[];
  /** Where the rectangle begins. The first square is at (0, 0). */
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * Tiles a rectangle with squares of the given sides, each placed along the longer
 * side of the rectangle so far: right, above, left, below, and so on. There are no
 * gaps if the sides are F(1), F(2) and so on.
 */
export function tile(sides: readonly number[]): Tiling {
  const squares: Square[] = [];
  let [left, top, right, bottom] = [0, 0, sides[0] ?? 0, 0];
  for (const [i, side] of sides.entries()) {
    switch (i % 4) {
      case 1:
        squares.push(square(i, side, right, top));
        right += side;
        break;
      case 2:
        top -= side;
        squares.push(square(i, side, left, top));
        break;
      case 3:
        left -= side;
        squares.push(square(i, side, left, top));
        break;
      default:
        squares.push(square(i, side, left, bottom));
        bottom += side;
    }
  }
  return { squares, left, top, width: right - left, height: bottom - top };
}

/** The i-th square. The spiral enters it at a corner and leaves it at the opposite one. */
function square(i: number, side: number, x: number, y: number): Square {
  const atRight = i % 4 === 0 || i % 4 === 1;
  const atBottom = i % 4 === 0 || i % 4 === 3;
  const [from, to] = [
    [x + (atRight ? 0 : side), y + (atBottom ? 0 : side)],
    [x + (atRight ? side : 0), y + (atBottom ? side : 0)],
  ];
  return { side, x, y, arc: `M${from.join(" ")}A${side} ${side} 0 0 0 ${to.join(" ")}` };
}
