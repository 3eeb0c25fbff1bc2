import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from "react";
import type { View } from "../../ui/squaresDrawing";
import { type Camera, everything, moved, type Point, viewOf, zoomed } from "./zoom";

/** What a press of a button or a key, or a notch of the wheel, enlarges by. */
const step = 2;
const factors = new Map([
  ["+", step],
  ["=", step],
  ["-", 1 / step],
]);
/** Where keys move what is seen, as a share of it. */
const directions = new Map<string, Point>([
  ["ArrowLeft", { x: -1 / 4, y: 0 }],
  ["ArrowRight", { x: 1 / 4, y: 0 }],
  ["ArrowUp", { x: 0, y: -1 / 4 }],
  ["ArrowDown", { x: 0, y: 1 / 4 }],
]);
/** The distance of a notch of the wheel in pixels; browsers report as much, or more. */
const notch = 50;

/**
 * Enlarges a drawing up to a largest zoom: by buttons, by keys, by a double tap or click, by the wheel with Ctrl, which is
 * also how browsers report two fingers on a touch pad, and by two fingers on a screen. One finger and the wheel alone
 * scroll the page.
 */
export function useZoom(whole: View, maxZoom: number) {
  const frame = useRef<HTMLDivElement>(null);
  const svg = useRef<SVGSVGElement>(null);
  const pointers = useRef(new Map<number, Point>());
  const [chosen, setCamera] = useState(everything);
  const [height, setHeight] = useState(whole.height);
  if (height !== whole.height) {
    // Another number of squares has another scale and direction. Only where the spiral begins is the same.
    setHeight(whole.height);
    setCamera(({ zoom }) => (zoom === 1 ? everything : { zoom, x: 0, y: 0 }));
  }
  const limited = (camera: Camera) => zoomed(camera, 1, maxZoom, whole);
  const camera = limited(chosen);
  const change = (next: (camera: Camera) => Camera) => setCamera((before) => next(limited(before)));
  const zoomBy = (factor: number, at?: Point) => (camera: Camera) =>
    zoomed(camera, factor, maxZoom, whole, at);
  const moveBy = (by: Point) => (camera: Camera) => moved(camera, by, whole);

  const onWheel = useEffectEvent((event: WheelEvent) => {
    if (svg.current !== null && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      const notches = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY / notch : event.deltaY;
      change(zoomBy(step ** -Math.max(-1, Math.min(1, notches)), placeIn(svg.current, pointOf(event))));
    }
  });
  useEffect(() => {
    const element = frame.current;
    const handle = (event: WheelEvent) => onWheel(event);
    // React's listeners cannot keep the browser from enlarging the page.
    element?.addEventListener("wheel", handle, { passive: false });
    return () => element?.removeEventListener("wheel", handle);
  }, []);

  function changeBy(key: string) {
    const direction = directions.get(key);
    if (direction !== undefined) {
      return moveBy(direction);
    }
    return key === "0" ? () => everything : zoomBy(factors.get(key) ?? 1);
  }

  function onKeyDown(event: KeyboardEvent) {
    const next = changeBy(event.key);
    // Where nothing is enlarged, the arrow keys scroll the page.
    if (!event.ctrlKey && !event.altKey && !event.metaKey && next(camera) !== camera) {
      event.preventDefault();
      change(next);
    }
  }

  function onPointerDown(event: PointerEvent) {
    if (event.button === 0) {
      event.currentTarget.setPointerCapture(event.pointerId);
      pointers.current.set(event.pointerId, pointOf(event));
    }
  }

  function onPointerMove(event: PointerEvent) {
    const down = pointers.current;
    if (svg.current === null || !down.has(event.pointerId)) {
      return;
    }
    const before = gesture(down);
    down.set(event.pointerId, pointOf(event));
    const after = gesture(down);
    if (down.size === 1 && event.pointerType !== "mouse") {
      return; // it scrolls the page
    }
    const [from, to] = [placeIn(svg.current, before.middle), placeIn(svg.current, after.middle)];
    const factor = before.spread > 0 ? after.spread / before.spread : 1;
    change((camera) => moveBy({ x: from.x - to.x, y: from.y - to.y })(zoomBy(factor, from)(camera)));
  }

  return {
    svg,
    view: viewOf(camera, whole),
    zoom: camera.zoom,
    zoomIn: () => change(zoomBy(step)),
    zoomOut: () => change(zoomBy(1 / step)),
    reset: () => setCamera(everything),
    /** For the element around the drawing. */
    frame: {
      ref: frame,
      onKeyDown,
      onPointerDown,
      onPointerMove,
      /** For those who can neither drag nor use two fingers. */
      onDoubleClick: (event: MouseEvent) => {
        if (svg.current !== null) {
          change(zoomBy(step, placeIn(svg.current, pointOf(event))));
        }
      },
      onLostPointerCapture: ({ pointerId }: PointerEvent) => void pointers.current.delete(pointerId),
    },
  };
}

function pointOf({ clientX, clientY }: { clientX: number; clientY: number }): Point {
  return { x: clientX, y: clientY };
}

/** A point of the window as shares of what a drawing shows. */
function placeIn(svg: SVGSVGElement, point: Point): Point {
  const { x, y, width, height } = svg.viewBox.baseVal;
  const place = new DOMPoint(point.x, point.y).matrixTransform(svg.getScreenCTM()?.inverse());
  return { x: (place.x - x) / width, y: (place.y - y) / height };
}

/** The middle of one or two pointers, and how far they are from each other. */
function gesture(pointers: ReadonlyMap<number, Point>): { middle: Point; spread: number } {
  const [a = { x: 0, y: 0 }, b = a] = pointers.values();
  return { middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, spread: Math.hypot(a.x - b.x, a.y - b.y) };
}
