import { useElementSize } from "@mantine/hooks";
import { type CSSProperties, memo, type PointerEvent, type RefObject, useMemo } from "react";
import { formatInteger } from "../numbers/format";
import styles from "./Wheel.module.css";
import { labelledRemainders, nearestLine, niceStep, type Point, placeRemainder } from "./wheelGeometry";

interface WheelProps {
  modulus: number;
  /** F(0), F(1) and so on modulo the modulus. A line leads from each of them to the next. */
  remainders: readonly number[];
  /** How many of the lines are drawn. A part of one is drawn as far as it goes. All of them by default. */
  drawn?: number;
  /** The number of the line that stands out. */
  marked?: number | undefined;
  /** How large the labels are, compared with the usual. */
  scale?: number;
  /** Describes the drawing in one sentence, for screen readers. */
  label: string;
  svg?: RefObject<SVGSVGElement | null>;
  /** Called with the number of the line under the pointer, or without one. */
  onPoint?(line: number | undefined): void;
}

/** Its width until it is measured. */
const usualWidth = 480;
const usualFontSize = 16;
/** Points closer together than this, in pixels, would touch each other. */
const minPointSpace = 6;
/** Bands of marble narrower than this, in pixels, could not be told apart. */
const minBandWidth = 9;
/** How far from a line the pointer may be, in pixels. */
const reach = 14;
/** Lines in one element. While lines are added, only the last element changes. */
const linesInPath = 100;
/** Of more lines the areas between them are too small to be seen. */
const maxInlaidLines = 400;
/** A modulus with more digits leaves no room for labels. */
const maxLabelDigits = 5;

/**
 * The remainders modulo a number as points on a circle, and lines from that of each Fibonacci number to that of the next.
 */
export function Wheel({
  modulus,
  remainders,
  drawn = remainders.length - 1,
  marked,
  scale = 1,
  label,
  svg,
  onPoint,
}: WheelProps) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const size = width || usualWidth;
  const { radius, ringWidth, fontSize } = useMemo(
    () => measures(size, modulus, scale),
    [size, modulus, scale],
  );
  const points = useMemo(
    () => remainders.map((remainder) => placeRemainder(remainder, modulus, radius)),
    [remainders, modulus, radius],
  );
  const lines = points.length - 1;
  const whole = Math.floor(drawn);
  const head = drawn < lines ? pointAt(points, drawn) : undefined;
  // The more lines, and the smaller the wheel, the thinner they are.
  const strokeWidth = Math.min(2, (16 / Math.sqrt(lines)) * (0.4 + 0.6 * Math.min(1, size / 620)));

  function onPointer({ clientX, clientY, currentTarget }: PointerEvent<SVGSVGElement>) {
    const { left, top, width } = currentTarget.getBoundingClientRect();
    const scale = size / width;
    const place = { x: (clientX - left) * scale - size / 2, y: (clientY - top) * scale - size / 2 };
    onPoint?.(nearestLine(points, place, reach));
  }

  return (
    <div ref={ref} className={styles.frame} style={{ "--label-scale": scale } as CSSProperties}>
      <svg
        ref={svg}
        className={styles.wheel}
        role="img"
        aria-label={label}
        viewBox={`${-size / 2} ${-size / 2} ${size} ${size}`}
        {...(onPoint && {
          onPointerMove: onPointer,
          onPointerDown: onPointer,
          // A finger that is lifted has pointed.
          onPointerLeave: ({ pointerType }) => pointerType === "mouse" && onPoint(undefined),
        })}
      >
        <Rim {...{ modulus, radius, ringWidth, fontSize }} />
        {head === undefined && lines <= maxInlaidLines && (
          <path className={styles.inlay} d={pathThrough(points)} />
        )}
        <g strokeWidth={strokeWidth}>
          {head && <Lines points={points} className={styles.ghost} />}
          <Lines points={head ? points.slice(0, whole + 1) : points} className={styles.lines} />
        </g>
        <Points {...{ modulus, radius, remainders }} />
        {marked !== undefined && <Line from={points[marked]} to={points[marked + 1]} />}
        {head && (
          <>
            <Line from={points[Math.ceil(drawn) - 1]} to={head} />
            <circle className={styles.head} cx={head.x} cy={head.y} r={5.5} />
          </>
        )}
      </svg>
    </div>
  );
}

/** Lengths of the drawing, by its width and the size of text that the reader has chosen. */
function measures(size: number, modulus: number, scale: number) {
  const rootFontSize = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const fontSize = scale * 0.8125 * (rootFontSize || usualFontSize);
  const digits = String(modulus - 1).length;
  const labelWidth =
    digits > maxLabelDigits ? fontSize : Math.max(2, formatInteger(modulus - 1).length) * 0.62 * fontSize;
  const ringWidth = Math.max(7, size * 0.022);
  return { radius: size / 2 - labelWidth - ringWidth - 14, ringWidth, fontSize };
}

/** Where the drawing is when a number of lines is drawn, the last one perhaps in part. */
function pointAt(points: readonly Point[], drawn: number): Point | undefined {
  const whole = Math.floor(drawn);
  const [from, to] = [points[whole], points[whole + 1]];
  if (from === undefined || to === undefined) {
    return from;
  }
  const part = drawn - whole;
  return { x: from.x + part * (to.x - from.x), y: from.y + part * (to.y - from.y) };
}

interface RimProps {
  modulus: number;
  radius: number;
  ringWidth: number;
  fontSize: number;
}

/** The bands of marble around the points, and the labels around those. */
const Rim = memo(({ modulus, radius, ringWidth, fontSize }: RimProps) => {
  const ring = radius + 7 + ringWidth / 2;
  const bands = modulus / niceStep(modulus, (2 * Math.PI * ring) / (2 * minBandWidth));
  const characters = Math.max(2, formatInteger(modulus - 1).length);
  const labels =
    String(modulus - 1).length > maxLabelDigits
      ? [0]
      : labelledRemainders(modulus, (2 * Math.PI * ring) / ((characters * 0.62 + 0.7) * fontSize));
  const labelRadius = ring + ringWidth / 2 + 5 + (Math.max(2, characters) * 0.62 * fontSize) / 2;
  return (
    <>
      <circle className={styles.disc} r={radius + 7} />
      <circle className={styles.ring} r={ring} strokeWidth={ringWidth} />
      {/* A dark band at each point that has one. */}
      <circle
        className={styles.bands}
        r={ring}
        strokeWidth={ringWidth}
        pathLength={bands}
        strokeDasharray="0.5 0.5"
        transform={`rotate(${-90 - 90 / bands})`}
      />
      <circle className={styles.edge} r={ring - ringWidth / 2} />
      <circle className={styles.edge} r={ring + ringWidth / 2} />
      <g className={styles.labels}>
        {labels.map((remainder) => {
          const { x, y } = placeRemainder(remainder, modulus, labelRadius);
          return (
            <text key={remainder} x={x} y={y}>
              {formatInteger(remainder)}
            </text>
          );
        })}
      </g>
    </>
  );
});

/** A point for each remainder, hollow for those that no Fibonacci number leaves. */
const Points = memo(
  ({ modulus, radius, remainders }: { modulus: number; radius: number; remainders: readonly number[] }) => {
    const space = (2 * Math.PI * radius) / modulus;
    if (space < minPointSpace) {
      return undefined;
    }
    const occurring = new Set(remainders);
    const r = Math.min(5.5, space / 3);
    return (
      <g className={styles.points}>
        {Array.from({ length: modulus }, (_, remainder) => {
          const { x, y } = placeRemainder(remainder, modulus, radius);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the index is the remainder.
            <circle key={remainder} data-hollow={!occurring.has(remainder)} cx={x} cy={y} r={r} />
          );
        })}
      </g>
    );
  },
);

/** Lines from each point to the next. */
const Lines = memo(
  ({ points, className = "" }: { points: readonly Point[]; className: string | undefined }) => {
    const paths: string[] = [];
    for (let first = 0; first + 1 < points.length; first += linesInPath) {
      paths.push(pathThrough(points.slice(first, first + linesInPath + 1)));
    }
    return (
      <g className={className}>
        {paths.map((d, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part of the line has no other identity.
          <path key={i} d={d} />
        ))}
      </g>
    );
  },
);

function pathThrough(points: readonly Point[]): string {
  return `M${points.map(({ x, y }) => `${x} ${y}`).join("L")}`;
}

function Line({ from, to }: { from: Point | undefined; to: Point | undefined }) {
  return from && to && <path className={styles.marked} d={`M${from.x} ${from.y}L${to.x} ${to.y}`} />;
}
