import type { View } from "../../ui/squaresDrawing";

export interface Point {
  x: number;
  y: number;
}

/** How much a drawing is enlarged, and what is in the middle of the view, as far as the drawing reaches. */
export interface Camera extends Point {
  zoom: number;
}

/** All of a drawing. The buttons then enlarge what is at (0, 0). */
export const everything: Camera = { zoom: 1, x: 0, y: 0 };

/** The part of a drawing that is seen, always within it. */
export function viewOf({ zoom, x, y }: Camera, whole: View): View {
  const width = whole.width / zoom;
  const height = whole.height / zoom;
  return {
    x: clamp(x - width / 2, whole.x, whole.x + whole.width - width),
    y: clamp(y - height / 2, whole.y, whole.y + whole.height - height),
    width,
    height,
  };
}

/**
 * Enlarges by a factor what is in the middle, or so that a place of the view keeps what it has. Places are shares of the
 * view's width and height.
 */
export function zoomed(camera: Camera, factor: number, maxZoom: number, whole: View, at?: Point): Camera {
  const zoom = clamp(camera.zoom * factor, 1, maxZoom);
  if (zoom === camera.zoom) {
    return camera;
  }
  if (zoom === 1) {
    return everything;
  }
  if (at === undefined) {
    return { ...camera, zoom };
  }
  const { x, y, width, height } = viewOf(camera, whole);
  const share = camera.zoom / zoom;
  const middle = (place: number) => place * (1 - share) + share / 2;
  const next = { zoom, x: x + middle(at.x) * width, y: y + middle(at.y) * height };
  return { zoom, ...middleOf(viewOf(next, whole)) };
}

/** Moves the view by shares of its width and height, no further than the drawing reaches. */
export function moved(camera: Camera, by: Point, whole: View): Camera {
  const { zoom } = camera;
  if (zoom === 1) {
    return camera;
  }
  const { x, y, width, height } = viewOf(camera, whole);
  return {
    zoom,
    ...middleOf(
      viewOf({ zoom, ...middleOf({ x: x + by.x * width, y: y + by.y * height, width, height }) }, whole),
    ),
  };
}

function middleOf({ x, y, width, height }: View): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(max, value));
}
