import { Text } from "@mantine/core";
import { useMemo } from "react";
import { formatTerm } from "../../numbers/format";
import { Plot, type PlotOptions } from "../../ui/Plot";
import type { PlotColors } from "../../ui/plotColors";
import { TermLink } from "../../ui/TermLink";
import { Card } from "./Card";
import { NumbersTable } from "./NumbersTable";
import { type Ratio, ratiosOf, sharedDecimals } from "./ratio";

/** How the ratios of neighbours come to the golden ratio. */
export function RatioCard({ values }: { values: ReadonlyMap<number, bigint> }) {
  const ratios = ratiosOf(values);
  const last = ratios.at(-1);
  return (
    <Card title="It comes to the golden ratio">
      <Text>
        F(n+1) / F(n) is by turns below and above the golden ratio φ = 1.6180339887…, each time about 2.6
        times nearer to it than the time before.
      </Text>
      {last === undefined ? (
        <Text c="dimmed">The plot begins when two values that follow each other are calculated.</Text>
      ) : (
        <RatioPlot ratios={ratios} last={last} />
      )}
    </Card>
  );
}

function RatioPlot({ ratios, last }: { ratios: Ratio[]; last: Ratio }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: values do not change, but others come in their place.
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
        {`${fraction} has the first ${sharedDecimals(last)} decimals of φ. Two calculated values make each point; the division keeps 60 decimals.`}
      </Text>
      <NumbersTable
        caption="Ratios of neighbours"
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
