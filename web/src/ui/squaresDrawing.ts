import { tile } from "./tile";

/** A part of a drawing, in SVG units. */
export interface View {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** How squares are drawn: turned and enlarged around (0, 0), where the spiral begins. */
interface Pose {
  /** In degrees, clockwise. */
  angle: number;
  scale: number;
  /** All of the drawing. */
  whole: View;
}

/** The length of the longer side of every drawing. SVG is not exact for the sides themselves. */
const drawnLength = 1000;
/** Around the drawing, for lines on its edge. */
const margin = 2;
/** So many squares have the last one at the left without a turn. */
const unturned = 4;

/**
 * Places the first squares and the spiral through them in landscape, with the last square at the left: with each one more
 * the drawing is turned by a quarter. Between two counts it is on its way from one to the other, and the last square is
 * as opaque as the way is done. The spiral begins at (0, 0): around it, small numbers are exact however much they are
 * enlarged.
 */
export function drawSquares(sides: readonly number[], count: number) {
  const pose = poseOf(sides, count);
  return {
    squares: tile(sides.slice(0, Math.ceil(count))).squares.map(({ side, x, y, arc }, i) => ({
      side,
      x,
      y,
      arc,
      /** Where the square is when it is not on its way. On its way it has the same middle. */
      place: placeAround(x + side / 2, y + side / 2, side, side, pose),
      opacity: Math.min(1, count - i),
    })),
    /** The transformation of squares and arcs. */
    transform: `scale(${pose.scale}) rotate(${pose.angle})`,
    whole: pose.whole,
  };
}

function poseOf(sides: readonly number[], count: number): Pose {
  const [from, to] = [restingPose(sides, Math.floor(count)), restingPose(sides, Math.ceil(count))];
  const done = count - Math.floor(count);
  const between = (length: keyof View) => from.whole[length] + done * (to.whole[length] - from.whole[length]);
  return {
    angle: angleOf(count),
    scale: from.scale ** (1 - done) * to.scale ** done,
    whole: { x: between("x"), y: between("y"), width: between("width"), height: between("height") },
  };
}

function restingPose(sides: readonly number[], count: number): Pose {
  const { left, top, width, height } = tile(sides.slice(0, count));
  const [longer, shorter] = [Math.max(width, height), Math.min(width, height)];
  const [angle, scale] = [angleOf(count), drawnLength / longer];
  const { x, y, ...size } = placeAround(left + width / 2, top + height / 2, longer, shorter, {
    angle,
    scale,
  });
  return {
    angle,
    scale,
    whole: {
      x: x - margin,
      y: y - margin,
      width: size.width + 2 * margin,
      height: size.height + 2 * margin,
    },
  };
}

function angleOf(count: number): number {
  return 90 * (count - unturned);
}

/** An upright rectangle of a size around a point. Both are enlarged, and the point is turned. */
function placeAround(
  x: number,
  y: number,
  width: number,
  height: number,
  { angle, scale }: Pick<Pose, "angle" | "scale">,
): View {
  const radians = (angle * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  return {
    x: scale * (x * cos - y * sin - width / 2),
    y: scale * (x * sin + y * cos - height / 2),
    width: scale * width,
    height: scale * height,
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
