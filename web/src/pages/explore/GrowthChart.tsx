import type { ReactNode } from "react";
import { digitsPerStep } from "../../numbers/digitCount";
import { formatCount, formatInteger } from "../../numbers/format";
import { Chart, chartStyles } from "../../ui/Chart";
import { growth } from "./growth";

const compact = new Intl.NumberFormat("en", { notation: "compact" });
const ticks = (...exponents: number[]) =>
  exponents.map((exponent) => ({ at: exponent, text: compact.format(10 ** exponent) }));

const x = { from: -0.1, to: 8.2, ticks: ticks(0, 1, 2, 3, 4, 5, 6, 7, 8), name: "index n" };
const y = { from: -0.2, to: 7.7, ticks: ticks(0, 1, 2, 3, 4, 5, 6, 7), name: "digits" };

/** Where the line n · log₁₀ φ has one digit. */
const lineStart = -Math.log10(digitsPerStep);

/** The number of digits against the index, both on log scales. */
export function GrowthChart({ scale = 1, children }: { scale?: number; children?: ReactNode }) {
  return (
    <Chart
      label="Number of digits against index, both on log scales, from F(1) to F(100,000,000). The points lie along a straight line."
      x={x}
      y={y}
      scale={scale}
      draw={(place) => (
        <>
          <path
            className={chartStyles.line}
            d={`M${place.x(lineStart)} ${place.y(0)}L${place.x(x.to)} ${place.y(x.to - lineStart)}`}
          />
          <g className={chartStyles.dots}>
            {growth.map(({ index, digitCount }) => (
              <circle
                key={index}
                cx={place.x(Math.log10(index))}
                cy={place.y(Math.log10(digitCount))}
                r={3.2 * scale}
              >
                <title>{`n = ${formatInteger(index)}: ${formatCount(digitCount, "digit")}`}</title>
              </circle>
            ))}
          </g>
        </>
      )}
    >
      {children}
    </Chart>
  );
}
