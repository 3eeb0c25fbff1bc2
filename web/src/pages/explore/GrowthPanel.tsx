import { Text } from "@mantine/core";
import { useState } from "react";
import { digitsPerStep } from "../../numbers/digitCount";
import { formatInteger, formatTerm } from "../../numbers/format";
import { Panel, PanelBody } from "../../ui/Panel";
import { TermLink } from "../../ui/TermLink";
import { GrowthChart } from "./GrowthChart";
import { growth, growthOn, type Scale } from "./growth";
import { Legend } from "./Legend";
import { NumbersTable } from "./NumbersTable";
import { ScaleSwitch } from "./ScaleSwitch";

const decimals = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

export const growthTitle = "It grows exponentially";
export const growthText =
  "Each number is about 1.618 times the one before it, so each step adds the same number of digits on average: log₁₀ φ ≈ 0.209.";

/** How many digits the numbers have. */
export function GrowthPanel() {
  const [axes, setAxes] = useState<Scale>("log");
  const largest = growthOn[axes].at(-1);
  return (
    <Panel title={growthTitle}>
      <PanelBody>
        <Text>{growthText}</Text>
        <ScaleSwitch value={axes} onChange={setAxes} />
        <GrowthChart axes={axes}>
          <Legend
            marks={[
              { shape: "dot", text: "digits of F(n)" },
              { shape: "line", text: "n · log₁₀ φ" },
            ]}
          />
          {largest !== undefined && (
            <Text size="sm" mt={8} mb={4}>
              {`${formatTerm(largest.index)} has ${formatInteger(largest.digitCount)} digits, and n · log₁₀ φ is ${decimals.format(largest.index * digitsPerStep)}.`}
            </Text>
          )}
          <NumbersTable
            caption="Digits of Fibonacci numbers"
            columns={["Number", "Digits"]}
            rows={growth.map(({ index, digitCount }) => ({
              key: index,
              cells: [<TermLink key={index} index={index} />, formatInteger(digitCount)],
            }))}
          />
        </GrowthChart>
      </PanelBody>
    </Panel>
  );
}
