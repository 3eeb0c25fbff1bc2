import { useElementSize } from "@mantine/hooks";
import { type CSSProperties, type ReactNode, useMemo, useState } from "react";
import styles from "./Chart.module.css";
import { ChartPointer } from "./ChartPointer";

export { styles as chartStyles };

interface Axis {
  /** The values at both ends of the axis, as they are placed: logarithms on a log scale. */
  from: number;
  to: number;
  ticks: { at: number; text: string }[];
  /** What the axis measures. */
  name?: string;
}

/** Places values of the axes on the drawing. */
export interface Placement {
  x(value: number): number;
  y(value: number): number;
  /** The distance on the drawing between two values of x. */
  width(difference: number): number;
}

/** A point of the data. */
export interface ChartPoint {
  x: number;
  y: number;
  /** What it says, in a sentence. */
  text: string;
}

interface ChartProps {
  /** Describes the drawing in one sentence, for screen readers. */
  label: string;
  x: Axis;
  y: Axis;
  /** Draws the data, or what is behind its points. */
  draw?(place: Placement): ReactNode;
  /** Points in their order. The sentence of the one that the reader chooses is below the drawing. */
  points?: readonly ChartPoint[];
  /** Leaves pointer and keys to what is around the chart. */
  still?: boolean;
  className?: string | undefined;
  /** How large the text and the drawing are, compared with the usual. */
  scale?: number;
  /** The same in words or numbers: a caption, or a table for screen readers. */
  children?: ReactNode;
}

/** Lengths in pixels, at the usual size of text. */
const usual = {
  width: 480,
  height: 280,
  left: 46,
  /** More at the left, where the axis has a name. */
  nameWidth: 20,
  right: 14,
  top: 10,
  bottom: 46,
  /** The least distance between two labels below the drawing. */
  labelSpace: 44,
  nameX: 12,
  nameY: 40,
  labelX: 8,
  labelY: 18,
};
const usualFontSize = 16;
const dotRadius = 3;
const ringRadius = 8;

/** The same for the size of text that the reader has chosen. */
function lengths(scale: number): typeof usual {
  const fontSize = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || usualFontSize;
  const scaled = Object.entries(usual).map(([name, length]) => [
    name,
    (scale * length * fontSize) / usualFontSize,
  ]);
  return Object.fromEntries(scaled) as typeof usual;
}

/** Data in axes, and the same as text. It is an SVG, so that it prints and follows the colours of the page. */
export function Chart({
  label,
  x,
  y,
  draw,
  points = [],
  still = points.length === 0,
  className = "",
  scale = 1,
  children,
}: ChartProps) {
  const [choice, setChoice] = useState<number>();
  const { ref, width: measured } = useElementSize<HTMLDivElement>();
  const size = useMemo(() => lengths(scale), [scale]);
  const { height, top } = size;
  const left = size.left + (y.name === undefined ? 0 : size.nameWidth);
  const width = measured || size.width;
  const inner = { width: width - left - size.right, height: height - top - size.bottom };
  const place: Placement = {
    x: (value) => left + ((value - x.from) / (x.to - x.from)) * inner.width,
    y: (value) => top + (1 - (value - y.from) / (y.to - y.from)) * inner.height,
    width: (difference) => (difference / (x.to - x.from)) * inner.width,
  };
  const dots = points.map(({ x, y, text }) => ({ x: place.x(x), y: place.y(y), text }));
  // There may be fewer points now.
  const chosen = choice !== undefined && choice < dots.length ? choice : undefined;
  const ringed = chosen === undefined ? undefined : dots[chosen];
  const step = Math.max(1, Math.ceil((x.ticks.length * size.labelSpace) / inner.width));
  const bottom = top + inner.height;
  return (
    <figure className={`${styles.chart} ${className}`} style={{ "--chart-scale": scale } as CSSProperties}>
      <div ref={ref} className={styles.frame}>
        <svg role="img" aria-label={label} viewBox={`0 0 ${width} ${height}`}>
          <g className={styles.grid}>
            {y.ticks.map(({ at }) => (
              <path key={at} d={`M${left} ${place.y(at)}h${inner.width}`} />
            ))}
            <path d={`M${left} ${bottom}h${inner.width}`} />
          </g>
          <g textAnchor="end" dominantBaseline="central">
            {y.ticks.map(({ at, text }) => (
              <text key={at} x={left - size.labelX} y={place.y(at)}>
                {text}
              </text>
            ))}
          </g>
          <g textAnchor="middle">
            {x.ticks
              .filter((_, i) => i % step === 0)
              .map(({ at, text }) => (
                <text key={at} x={place.x(at)} y={bottom + size.labelY}>
                  {text}
                </text>
              ))}
            {x.name !== undefined && (
              <text x={left + inner.width / 2} y={bottom + size.nameY}>
                {x.name}
              </text>
            )}
          </g>
          {y.name !== undefined && (
            <text
              textAnchor="middle"
              transform={`translate(${size.nameX} ${top + inner.height / 2}) rotate(-90)`}
            >
              {y.name}
            </text>
          )}
          {draw?.(place)}
          <g className={styles.dots}>
            {dots.map(({ x, y, text }) => (
              <circle key={text} cx={x} cy={y} r={dotRadius * scale} />
            ))}
          </g>
          {ringed && <circle className={styles.ring} cx={ringed.x} cy={ringed.y} r={ringRadius} />}
        </svg>
        {!still && <ChartPointer points={dots} width={width} chosen={chosen} onChoose={setChoice} />}
      </div>
      {!still && (
        <p className={styles.reading} data-hint={ringed === undefined}>
          {ringed?.text ?? "Point at a dot, or use the arrow keys."}
        </p>
      )}
      {children}
    </figure>
  );
}
