import type { PartName } from "./parts";

/** Where a part stands in the picture, in pixels. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export type Boxes = Record<PartName, Box>;

/** From the left edge of the parts to the line beside them, where they stand below each other. */
const railDistance = 21;
/** From the upper edge of a part to its point on that line. */
const railDepth = 28;

/** How deep ways begin and end inside of the parts, so that a term on its way comes out of one and goes into the other. */
const depth = 40;

/** Whether the parts stand below each other. */
export function isColumn({ browser, worker }: Boxes): boolean {
  return browser.left === worker.left;
}

/** The point of a part on the line beside a column. */
export function railPoint({ left, top }: Box): { x: number; y: number } {
  return { x: left - railDistance, y: top + railDepth };
}

/** The way from one part to another as an SVG path; its ends are hidden by the parts. */
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
