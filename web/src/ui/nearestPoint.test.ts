import { expect, test } from "vitest";
import { nearestPoint } from "./nearestPoint";

const points = [
  { x: 0, y: 0 },
  { x: 10, y: 0 },
  { x: 10, y: 40 },
];

test("nearestPoint finds the nearest point within reach", () => {
  expect(nearestPoint(points, { x: 4, y: 3 }, 24)).toBe(0);
  expect(nearestPoint(points, { x: 6, y: 3 }, 24)).toBe(1);
  expect(nearestPoint(points, { x: 10, y: 64 }, 24)).toBe(2);
});

test("nearestPoint finds nothing where no point is within reach", () => {
  expect(nearestPoint(points, { x: 10, y: 65 }, 24)).toBeUndefined();
  expect(nearestPoint([], { x: 0, y: 0 }, 24)).toBeUndefined();
});
