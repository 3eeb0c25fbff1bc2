import { Text } from "@mantine/core";
import { useMemo } from "react";
import type uPlot from "uplot";
import type { CalculatedValue } from "../../api/values";
import { formatCount, formatInteger, formatTerm } from "../../numbers/format";
import { Plot, type PlotOptions } from "../../ui/Plot";
import type { PlotColors } from "../../ui/plotColors";
import { TermLink } from "../../ui/TermLink";
import { Card } from "./Card";
import { digitsPerStep, type Growth, growthData, growthOf } from "./growth";
import { Legend } from "./Legend";
import { NumbersTable } from "./NumbersTable";

/** How many digits the calculated values have. */
export function GrowthCard({ values }: { values: ReadonlyMap<number, CalculatedValue> }) {
  const growth = growthOf(values.values());
  const largest = growth.at(-1);
  return (
    <Card title="It grows by a factor">
      <Text>
        Each number is about 1.618 times the one before it. So the number of its digits grows by the same with
        each step: by log₁₀ φ ≈ 0.209.
      </Text>
      {largest === undefined ? (
        <Text c="dimmed">The plot begins with the first value that is calculated.</Text>
      ) : (
        <GrowthPlot growth={growth} largest={largest} />
      )}
    </Card>
  );
}

function GrowthPlot({ growth, largest }: { growth: Growth[]; largest: Growth }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: values do not change, but others come in their place.
  const data = useMemo(() => growthData(growth), [growth.map(({ size }) => size).join()]);
  const sentence = `The furthest here, ${formatTerm(largest.index)}, has ${formatCount(largest.digitCount, "digit")}; ${formatInteger(largest.size)} · log₁₀ φ is ${line.format(largest.size * digitsPerStep)}.`;
  return (
    <Plot
      label={`Digits against the index of ${formatCount(growth.length, "calculated value")}, both on log scales. The points lie along a straight line.`}
      data={data}
      options={options}
    >
      <Legend
        marks={[
          { shape: "dot", text: "digits of a calculated value" },
          { shape: "line", text: "n · log₁₀ φ" },
        ]}
      />
      <Text size="sm" mt={8} mb={4}>
        {sentence}
      </Text>
      <NumbersTable
        caption="Digits of the calculated values"
        columns={["Value", "Digits"]}
        rows={growth.map(({ index, digitCount }) => ({
          key: index,
          cells: [<TermLink key={index} index={index} />, formatInteger(digitCount)],
        }))}
      />
    </Plot>
  );
}

const line = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const compact = new Intl.NumberFormat("en", { notation: "compact" });

/** The least distance of two labels, in pixels. */
const labelSpace = 38;

/** The powers of ten on a scale, as many as have room for their labels. */
function powers(plot: uPlot, axis: number, min: number, max: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(min)), Math.floor(Math.log10(max))];
  const room = axis === 0 ? plot.bbox.width / devicePixelRatio / labelSpace : Number.POSITIVE_INFINITY;
  const step = Math.max(1, Math.ceil((last - first + 1) / room));
  const exponents = Array.from({ length: Math.ceil((last - first + 1) / step) }, (_, i) => first + i * step);
  return exponents.map((exponent) => 10 ** exponent);
}

/** 1, 10, 100, 1K. */
const inShort = (_: uPlot, splits: number[]) => splits.map((split) => compact.format(split));

/** From below the least to above the greatest, so that no point is cut. */
const around = (_: unknown, min: number | null, max: number | null): [number, number] => [
  (min ?? 1) / 1.3,
  Math.max(max ?? 1, 10) * 1.3,
];

function options(colors: PlotColors): PlotOptions {
  return {
    scales: {
      x: { time: false, distr: 3, range: around },
      y: { distr: 3, range: around },
    },
    axes: [
      {
        splits: powers,
        filter: (_, splits) => splits,
        values: inShort,
        label: "index n",
        size: 32,
        labelSize: 24,
      },
      {
        splits: powers,
        filter: (_, splits) => splits,
        values: inShort,
        label: "digits",
        size: 44,
        labelSize: 22,
      },
    ],
    series: [
      {},
      { paths: () => null, points: { show: true, size: 6, fill: colors.good, stroke: colors.good } },
      { stroke: colors.accent, width: 1.5, spanGaps: true, points: { show: false } },
    ],
  };
}
