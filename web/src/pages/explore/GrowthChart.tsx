import type { ReactNode } from "react";
import { digitsPerStep } from "../../numbers/digitCount";
import { formatCount, formatTerm } from "../../numbers/format";
import { Chart, chartStyles } from "../../ui/Chart";
import { growthOn, type Scale } from "./growth";

const compact = new Intl.NumberFormat("en", { notation: "compact" });
const powersOfTen = (last: number) => Array.from({ length: last + 1 }, (_, exponent) => 10 ** exponent);

/** The axes on each scale, and the ends of the line n · log₁₀ φ as values of n. */
const drawings = {
  log: {
    place: Math.log10,
    x: { from: -0.1, to: 8.2, ticks: powersOfTen(8) },
    y: { from: -0.2, to: 7.7, ticks: powersOfTen(7) },
    line: [1 / digitsPerStep, 10 ** 8.2],
    shape: "The points lie along a straight line.",
  },
  linear: {
    place: (value: number) => value,
    x: { from: 0, to: 102, ticks: [0, 25, 50, 75, 100] },
    y: { from: 0, to: 22, ticks: [0, 5, 10, 15, 20] },
    line: [0, 102],
    shape: "The points rise in steps along a straight line.",
  },
};

interface GrowthChartProps {
  /** The scale of both axes. */
  axes?: Scale;
  /** How large the text and the drawing are, compared with the usual. */
  scale?: number;
  /** Leaves pointer and keys to what is around the chart. */
  still?: boolean;
  children?: ReactNode;
}

/** The number of digits against the index, both on log scales or both on linear ones. */
export function GrowthChart({ axes = "log", scale = 1, still = false, children }: GrowthChartProps) {
  const { place: placed, x, y, line, shape } = drawings[axes];
  const points = growthOn[axes];
  const ticks = (values: number[]) =>
    values.map((value) => ({ at: placed(value), text: compact.format(value) }));
  return (
    <Chart
      label={`Number of digits against index, both on ${axes} scales, from F(1) to ${formatTerm(points.at(-1)?.index ?? 1)}. ${shape}`}
      x={{ ...x, ticks: ticks(x.ticks), name: "index n" }}
      y={{ ...y, ticks: ticks(y.ticks), name: "digits" }}
      points={points.map(({ index, digitCount }) => ({
        x: placed(index),
        y: placed(digitCount),
        text: `${formatTerm(index)} has ${formatCount(digitCount, "digit")}.`,
      }))}
      still={still}
      scale={scale}
      draw={(place) => (
        <path
          className={chartStyles.line}
          d={`M${line.map((n) => `${place.x(placed(n))} ${place.y(placed(n * digitsPerStep))}`).join("L")}`}
        />
      )}
    >
      {children}
    </Chart>
  );
}
