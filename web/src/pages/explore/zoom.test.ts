import { expect, test } from "vitest";
import { type Camera, everything, moved, viewOf, zoomed } from "./zoom";

const whole = { x: -70, y: -40, width: 100, height: 60 };
const maxZoom = 50;

test("viewOf is all of the drawing, and stays within it", () => {
  expect(viewOf(everything, whole)).toEqual(whole);
  expect(viewOf({ zoom: 2, x: 0, y: 0 }, whole)).toEqual({ x: -25, y: -15, width: 50, height: 30 });
  expect(viewOf({ zoom: 2, x: 1_000, y: -1_000 }, whole)).toEqual({ x: -20, y: -40, width: 50, height: 30 });
});

test("zoomed keeps the middle, and ends at all of the drawing and at the largest zoom", () => {
  const camera: Camera = { zoom: 4, x: 3, y: 5 };
  expect(zoomed(camera, 2, maxZoom, whole)).toEqual({ zoom: 8, x: 3, y: 5 });
  expect(zoomed(camera, 1_000, maxZoom, whole)).toEqual({ zoom: maxZoom, x: 3, y: 5 });
  expect(zoomed(camera, 1 / 4, maxZoom, whole)).toBe(everything);
});

test("zoomed keeps what is at a place of the view", () => {
  const at = { x: 0.25, y: 0.5 };
  const pointAt = (camera: Camera) => {
    const { x, y, width, height } = viewOf(camera, whole);
    return [x + at.x * width, y + at.y * height];
  };
  let camera = everything;
  for (const factor of [2, 1.5, 3, 0.5]) {
    camera = zoomed(camera, factor, maxZoom, whole, at);
    expect(pointAt(camera)[0]).toBeCloseTo(-45);
    expect(pointAt(camera)[1]).toBeCloseTo(-10);
  }
});

test("zoomed keeps the middle within reach where it zooms out at an edge", () => {
  const camera = zoomed({ zoom: 8, x: -63.75, y: -10 }, 1 / 4, maxZoom, whole, { x: 1, y: 0.5 });
  expect(camera).toEqual({ zoom: 2, x: -45, y: -10 });
});

test("moved goes as far as the drawing, and all of the drawing stays where it is", () => {
  expect(moved(everything, { x: 1, y: 1 }, whole)).toBe(everything);
  const camera: Camera = { zoom: 2, x: 0, y: 0 };
  expect(moved(camera, { x: -0.1, y: 0.1 }, whole)).toEqual({ zoom: 2, x: -5, y: 3 });
  const corner = moved(camera, { x: 1_000, y: -1_000 }, whole);
  expect(corner).toEqual({ zoom: 2, x: 5, y: -25 });
  // The way back begins at once.
  expect(moved(corner, { x: -0.1, y: 0 }, whole)).toEqual({ zoom: 2, x: 0, y: -25 });
});
