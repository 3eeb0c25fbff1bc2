/** A point of the drawing. */
export interface Point {
  x: number;
  y: number;
}

/** Returns where a remainder is on a circle around (0, 0): 0 at the top, and clockwise from there. */
export function placeRemainder(remainder: number, modulus: number, radius: number): Point {
  const angle = (2 * Math.PI * remainder) / modulus;
  return { x: round(radius * Math.sin(angle)), y: round(-radius * Math.cos(angle)) };
}

/** A hundredth of a pixel is finer than any screen, and keeps paths short. */
function round(length: number): number {
  return Math.round(length * 100) / 100 + 0; // no −0
}

/** Returns the smallest of 1, 2, 5, 10, 20 and so on that leaves at most `most` multiples of it below the modulus. */
export function niceStep(modulus: number, most: number): number {
  for (let power = 1; ; power *= 10) {
    for (const factor of [1, 2, 5]) {
      if (modulus / (factor * power) <= most) {
        return factor * power;
      }
    }
  }
}

/** Returns the remainders that have a label where at most `most` labels have room. */
export function labelledRemainders(modulus: number, most: number): number[] {
  const step = niceStep(modulus, most);
  return Array.from({ length: Math.ceil(modulus / step) }, (_, i) => i * step).filter(
    // The last one stays clear of 0.
    (remainder) => remainder === 0 || modulus - remainder >= step * 0.75,
  );
}

/** Returns the number of the line between two consecutive points that is nearest to a place, if one is near enough. */
export function nearestLine(points: readonly Point[], place: Point, within: number): number | undefined {
  let nearest: number | undefined;
  let least = within;
  for (let k = 0; k + 1 < points.length; k++) {
    const [from, to] = [points[k], points[k + 1]];
    const distance = from && to ? distanceToLine(place, from, to) : Number.POSITIVE_INFINITY;
    if (distance < least) {
      [nearest, least] = [k, distance];
    }
  }
  return nearest;
}

function distanceToLine({ x, y }: Point, from: Point, to: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / length));
  return Math.hypot(x - from.x - along * dx, y - from.y - along * dy);
}
