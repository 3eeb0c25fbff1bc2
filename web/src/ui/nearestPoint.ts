/** Returns the number of the point that is nearest to a place and within reach of it, or undefined if there is none. */
export function nearestPoint(
  points: readonly { x: number; y: number }[],
  place: { x: number; y: number },
  reach: number,
): number | undefined {
  let [nearest, least]: [number | undefined, number] = [undefined, reach];
  for (const [i, { x, y }] of points.entries()) {
    const distance = Math.hypot(x - place.x, y - place.y);
    if (distance <= least) {
      [nearest, least] = [i, distance];
    }
  }
  return nearest;
}
