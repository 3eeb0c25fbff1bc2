import { Text } from "@mantine/core";
import { useMemo } from "react";
import { formatCount, formatTerm } from "../../numbers/format";
import { Panel, PanelBody } from "../../ui/Panel";
import { Plot, type PlotOptions } from "../../ui/Plot";
import type { PlotColors } from "../../ui/plotColors";
import { TermLink } from "../../ui/TermLink";
import { NumbersTable } from "./NumbersTable";
import { type Ratio, ratiosOf, sharedDecimals } from "./ratio";

/** How the ratios of consecutive numbers approach the golden ratio. */
export function RatioPanel({ values }: { values: ReadonlyMap<number, bigint> }) {
  const ratios = ratiosOf(values);
  const last = ratios.at(-1);
  return (
    <Panel title="It approaches the golden ratio">
      <PanelBody>
        <Text>
          F(n+1) / F(n) is alternately below and above the golden ratio φ = 1.6180339887…, and each ratio is
          about 2.6 times closer to it than the one before.
        </Text>
        {last === undefined ? (
          <Text c="dimmed">The chart appears once two consecutive numbers are calculated.</Text>
        ) : (
          <RatioPlot ratios={ratios} last={last} />
        )}
      </PanelBody>
    </Panel>
  );
}

function RatioPlot({ ratios, last }: { ratios: Ratio[]; last: Ratio }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: values never change, so their indices identify them.
  const data = useMemo((): [number[], number[]] => {
    return [ratios.map(({ n }) => n), ratios.map(({ log10Distance }) => log10Distance)];
  }, [ratios.map(({ n }) => n).join()]);
  const fraction = `${formatTerm(last.n + 1)} / ${formatTerm(last.n)}`;
  return (
    <Plot
      label={`Distance of F(n+1) / F(n) from the golden ratio, on a log scale, for n up to ${last.n}. It falls along a straight line.`}
      data={data}
      options={options}
    >
      <Text size="sm" mt={8} mb={4}>
        {`${fraction} agrees with φ to ${formatCount(sharedDecimals(last), "decimal place")}. Each point is the ratio of two calculated values, worked out to 60 places.`}
      </Text>
      <NumbersTable
        caption="Ratios of consecutive numbers"
        columns={["F(n)", "F(n+1) / F(n)"]}
        rows={ratios.map(({ n, text }) => ({
          key: n,
          cells: [<TermLink key={n} index={n} />, text.slice(0, 27)],
        }))}
      />
    </Plot>
  );
}

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** −5 as 10⁻⁵. */
function power(exponent: number): string {
  const digits = String(Math.abs(exponent)).replace(/\d/g, (digit) => superscripts[Number(digit)] ?? "");
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

function options(colors: PlotColors): PlotOptions {
  return {
    scales: {
      x: { time: false },
      y: { range: (_, min) => [Math.min(min ?? 0, -1) - 0.6, 0.4] },
    },
    axes: [
      { label: "index n", size: 32, labelSize: 24 },
      {
        label: "distance from φ",
        size: 48,
        labelSize: 22,
        incrs: [1, 5, 10],
        values: (_, splits) => splits.map((split) => power(split)),
      },
    ],
    series: [
      {},
      {
        stroke: colors.good,
        width: 1,
        points: { show: true, size: 5, fill: colors.good, stroke: colors.good },
      },
    ],
  };
}
