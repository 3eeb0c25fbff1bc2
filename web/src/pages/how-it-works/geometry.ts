import type { PartName } from "./parts";

/** Where a part is in the diagram, in pixels. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export type Boxes = Record<PartName, Box>;

/** From the left edge of the parts to the line beside them, in a column. */
const railDistance = 21;
/** From the top edge of a part to its point on that line. */
const railDepth = 28;

/** How far paths extend into the parts, so that a token leaves one and enters the other. */
const depth = 40;

/** Reports whether the parts are in a column. */
export function isColumn({ browser, worker }: Boxes): boolean {
  return browser.left === worker.left;
}

/** The point of a part on the line beside a column. */
export function railPoint({ left, top }: Box): { x: number; y: number } {
  return { x: left - railDistance, y: top + railDepth };
}

/** The path from one part to another, in SVG. The parts cover its ends. */
export function pathBetween(boxes: Boxes, from: PartName, to: PartName): string {
  const [a, b] = [boxes[from], boxes[to]];
  if (isColumn(boxes)) {
    const start = railPoint(a);
    return `M${start.x} ${start.y}V${railPoint(b).y}`;
  }
  const [start, end] = [middle(a), middle(b)];
  const rightwards = a.left < b.left;
  const leave = rightwards ? a.left + a.width : a.left;
  const enter = rightwards ? b.left : b.left + b.width;
  const between = (leave + enter) / 2;
  const inside = rightwards ? depth : -depth;
  return `M${leave - inside} ${start}H${leave}C${between} ${start} ${between} ${end} ${enter} ${end}H${enter + inside}`;
}

function middle({ top, height }: Box): number {
  return top + height / 2;
}
