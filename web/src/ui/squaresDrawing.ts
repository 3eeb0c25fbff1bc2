import { tile } from "./tile";

/** A part of a drawing, in SVG units. */
export interface View {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The length of the longer side of every drawing. SVG is not exact for the sides themselves. */
const drawnLength = 1000;
/** Around the drawing, for lines on its edge. */
const margin = 2;

/**
 * Places squares and the spiral through them in landscape. The spiral begins at (0, 0): around it, small numbers are exact
 * however much they are enlarged.
 */
export function drawSquares(sides: readonly number[]) {
  const { squares, left, top, width, height } = tile(sides);
  const isLandscape = width >= height;
  const scale = drawnLength / Math.max(width, height);
  /** A portrait is turned to the left by a quarter. */
  const place = (x: number, y: number, width: number, height: number): View =>
    isLandscape
      ? { x: x * scale, y: y * scale, width: width * scale, height: height * scale }
      : { x: y * scale, y: -(x + width) * scale, width: height * scale, height: width * scale };
  const { x, y, ...size } = place(left, top, width, height);
  return {
    squares: squares.map(({ side, x, y, arc }) => ({ side, arc, place: place(x, y, side, side) })),
    /** The transformation of the arcs. */
    transform: `scale(${scale})${isLandscape ? "" : " rotate(-90)"}`,
    whole: {
      x: x - margin,
      y: y - margin,
      width: size.width + 2 * margin,
      height: size.height + 2 * margin,
    },
  };
}

/** What two parts have in common, if anything. */
export function intersect(a: View, b: View): View | undefined {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}
