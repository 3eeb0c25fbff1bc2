import type { ReactNode } from "react";
import { firstTerms } from "../../numbers/firstTerms";
import { superscript } from "../../numbers/format";
import { Chart, chartStyles } from "../../ui/Chart";
import { ratiosOf } from "./ratio";

export const ratios = ratiosOf(firstTerms);

const exponents = [0, -10, -20, -30];
const x = {
  from: 0,
  to: 94,
  ticks: [0, 10, 20, 30, 40, 50, 60, 70, 80, 90].map((n) => ({ at: n, text: String(n) })),
  name: "index n",
};
const y = {
  from: -40,
  to: 1,
  ticks: exponents.map((exponent) => ({
    at: exponent,
    text: exponent === 0 ? "1" : `10${superscript(exponent)}`,
  })),
  name: "distance from φ",
};

/** The distance of the ratios from the golden ratio, on a log scale. */
export function RatioChart({ scale = 1, children }: { scale?: number; children?: ReactNode }) {
  return (
    <Chart
      label={`Distance of F(n+1) / F(n) from the golden ratio, on a log scale, for n up to ${ratios.at(-1)?.n}. It falls along a straight line.`}
      x={x}
      y={y}
      scale={scale}
      draw={(place) => (
        <g className={chartStyles.dots}>
          {ratios.map(({ n, log10Distance }) => (
            <circle key={n} cx={place.x(n)} cy={place.y(log10Distance)} r={2.6 * scale}>
              <title>{`n = ${n}: 10^${log10Distance.toFixed(1)} from φ`}</title>
            </circle>
          ))}
        </g>
      )}
    >
      {children}
    </Chart>
  );
}
