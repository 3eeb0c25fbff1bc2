import { Text } from "@mantine/core";
import { useMemo } from "react";
import type uPlot from "uplot";
import type { CalculatedValue } from "../../api/values";
import { formatCount, formatInteger, formatTerm } from "../../numbers/format";
import { Panel, PanelBody } from "../../ui/Panel";
import { Plot, type PlotOptions } from "../../ui/Plot";
import type { PlotColors } from "../../ui/plotColors";
import { TermLink } from "../../ui/TermLink";
import { digitsPerStep, type Growth, growthData, growthOf } from "./growth";
import { Legend } from "./Legend";
import { NumbersTable } from "./NumbersTable";

/** How many digits the calculated values have. */
export function GrowthPanel({ values }: { values: ReadonlyMap<number, CalculatedValue> }) {
  const growth = growthOf(values.values());
  const largest = growth.at(-1);
  return (
    <Panel title="It grows exponentially">
      <PanelBody>
        <Text>
          Each number is about 1.618 times the one before it, so each step adds the same number of digits on
          average: log₁₀ φ ≈ 0.209.
        </Text>
        {largest === undefined ? (
          <Text c="dimmed">The chart appears once a value is calculated.</Text>
        ) : (
          <GrowthPlot growth={growth} largest={largest} />
        )}
      </PanelBody>
    </Panel>
  );
}

function GrowthPlot({ growth, largest }: { growth: Growth[]; largest: Growth }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: values never change, so their indices identify them.
  const data = useMemo(() => growthData(growth), [growth.map(({ size }) => size).join()]);
  const sentence = `The largest so far, ${formatTerm(largest.index)}, has ${formatCount(largest.digitCount, "digit")}; ${formatInteger(largest.size)} · log₁₀ φ is ${decimals.format(largest.size * digitsPerStep)}.`;
  return (
    <Plot
      label={`Number of digits against index, both on log scales, for ${formatCount(growth.length, "calculated value")}. The points lie along a straight line.`}
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

const decimals = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const compact = new Intl.NumberFormat("en", { notation: "compact" });

/** The least distance between two labels, in pixels. */
const labelSpace = 38;

/** The powers of ten on a scale, as many as there is room to label. */
function powers(plot: uPlot, axis: number, min: number, max: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(min)), Math.floor(Math.log10(max))];
  const room = axis === 0 ? plot.bbox.width / devicePixelRatio / labelSpace : Number.POSITIVE_INFINITY;
  const step = Math.max(1, Math.ceil((last - first + 1) / room));
  const exponents = Array.from({ length: Math.ceil((last - first + 1) / step) }, (_, i) => first + i * step);
  return exponents.map((exponent) => 10 ** exponent);
}

/** 1, 10, 100, 1K. */
const formatCompact = (_: uPlot, splits: number[]) => splits.map((split) => compact.format(split));

/** A margin below the least and above the greatest value, so that no point is cut off. */
const withMargin = (_: unknown, min: number | null, max: number | null): [number, number] => [
  (min ?? 1) / 1.3,
  Math.max(max ?? 1, 10) * 1.3,
];

function options(colors: PlotColors): PlotOptions {
  return {
    scales: {
      x: { time: false, distr: 3, range: withMargin },
      y: { distr: 3, range: withMargin },
    },
    axes: [
      {
        splits: powers,
        filter: (_, splits) => splits,
        values: formatCompact,
        label: "index n",
        size: 32,
        labelSize: 24,
      },
      {
        splits: powers,
        filter: (_, splits) => splits,
        values: formatCompact,
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
