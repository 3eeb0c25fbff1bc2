import type { ReactNode } from "react";
import { firstTerms } from "../../numbers/firstTerms";
import { formatTerm, superscript } from "../../numbers/format";
import { Chart } from "../../ui/Chart";
import { type Ratio, ratiosOf } from "./ratio";

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

const points = ratios.map((ratio) => ({ x: ratio.n, y: ratio.log10Distance, text: describeRatio(ratio) }));

function describeRatio({ n, log10Distance, above }: Ratio): string {
  const [factor, exponent] = (10 ** log10Distance).toExponential(1).split("e");
  return `${formatTerm(n + 1)} / ${formatTerm(n)} is ${factor} × 10${superscript(Number(exponent))} ${above ? "above" : "below"} φ.`;
}

interface RatioChartProps {
  /** How large the text and the drawing are, compared with the usual. */
  scale?: number;
  /** Leaves pointer and keys to what is around the chart. */
  still?: boolean;
  children?: ReactNode;
}

/** The distance of the ratios from the golden ratio, on a log scale. */
export function RatioChart({ scale = 1, still = false, children }: RatioChartProps) {
  return (
    <Chart
      label={`Distance of F(n+1) / F(n) from the golden ratio, on a log scale, for n up to ${ratios.at(-1)?.n}. It falls along a straight line.`}
      x={x}
      y={y}
      points={points}
      still={still}
      scale={scale}
    >
      {children}
    </Chart>
  );
}
