import type { KeyboardEvent, PointerEvent } from "react";
import styles from "./ChartPointer.module.css";
import { nearestPoint } from "./nearestPoint";

/** How far from a point the pointer may be, in pixels. */
const reach = 24;

/** Where keys lead from a point, of so many. */
const moves: Record<string, (at: number, count: number) => number> = {
  ArrowRight: (at) => at + 1,
  ArrowUp: (at) => at + 1,
  ArrowLeft: (at) => at - 1,
  ArrowDown: (at) => at - 1,
  PageUp: (at) => at + 10,
  PageDown: (at) => at - 10,
  Home: () => 0,
  End: (_, count) => count - 1,
};

interface ChartPointerProps {
  /** The points where they are drawn, each with its sentence. */
  points: readonly { x: number; y: number; text: string }[];
  /** The width of the drawing, in its own units. */
  width: number;
  /** The number of the point that was chosen. */
  chosen: number | undefined;
  onChoose(point: number | undefined): void;
}

/** Covers a chart, and chooses the point that a pointer is near to, or that arrow keys lead to. */
export function ChartPointer({ points, width, chosen, onChoose }: ChartPointerProps) {
  function onPointer({ clientX, clientY, currentTarget }: PointerEvent) {
    const box = currentTarget.getBoundingClientRect();
    const scale = width / box.width;
    const place = { x: (clientX - box.left) * scale, y: (clientY - box.top) * scale };
    onChoose(nearestPoint(points, place, reach * scale));
  }

  function onKeyDown(event: KeyboardEvent) {
    const move = moves[event.key];
    if (move !== undefined && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      const to = move(chosen ?? -1, points.length);
      onChoose(Math.max(0, Math.min(points.length - 1, to)));
    }
  }

  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label="Points"
      aria-valuemin={1}
      aria-valuemax={points.length}
      aria-valuenow={(chosen ?? 0) + 1}
      aria-valuetext={chosen === undefined ? "No point is chosen." : points[chosen]?.text}
      className={styles.pointer}
      onPointerMove={onPointer}
      onPointerDown={onPointer}
      // A finger that is lifted has pointed.
      onPointerLeave={({ pointerType }) => pointerType === "mouse" && onChoose(undefined)}
      onKeyDown={onKeyDown}
    />
  );
}
