import { Text } from "@mantine/core";
import { formatCount, formatTerm } from "../../numbers/format";
import { Panel, PanelBody } from "../../ui/Panel";
import { TermLink } from "../../ui/TermLink";
import { NumbersTable } from "./NumbersTable";
import { RatioChart, ratios } from "./RatioChart";
import { sharedDecimals } from "./ratio";

export const ratioTitle = "It approaches the golden ratio";
export const ratioText =
  "F(n+1) / F(n) is alternately below and above the golden ratio φ = 1.6180339887…, and each ratio is about 2.6 times closer to it than the one before.";

/** How the ratios of consecutive numbers approach the golden ratio. */
export function RatioPanel() {
  const last = ratios.at(-1);
  return (
    <Panel title={ratioTitle}>
      <PanelBody>
        <Text>{ratioText}</Text>
        <RatioChart>
          {last !== undefined && (
            <Text size="sm" mt={8} mb={4}>
              {`${formatTerm(last.n + 1)} / ${formatTerm(last.n)} agrees with φ to ${formatCount(sharedDecimals(last), "decimal place")}.`}
            </Text>
          )}
          <NumbersTable
            caption="Ratios of consecutive numbers"
            columns={["F(n)", "F(n+1) / F(n)"]}
            rows={ratios.map(({ n, text }) => ({
              key: n,
              cells: [<TermLink key={n} index={n} />, text.slice(0, 27)],
            }))}
          />
        </RatioChart>
      </PanelBody>
    </Panel>
  );
}
