import { Button, Progress, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type DigitCounts, digitCounts } from "../../api/digits";
import type { CalculatedValue } from "../../api/values";
import { formatCount, formatInteger, formatProgress, formatShare, formatTerm } from "../../numbers/format";
import { Chart, chartStyles } from "../../ui/Chart";
import { Panel, PanelBody } from "../../ui/Panel";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { useRestoreFocus } from "../../ui/useRestoreFocus";
import styles from "./DigitFrequency.module.css";
import { describeCounts, percentages, percentTicks } from "./frequency";

/** Values up to this length, about a megabyte, are counted without a click. */
const autoCountLimit = 1_000_000;

/** How often each digit occurs, counted in the browser. */
export function DigitFrequency({ value: { index, digitCount } }: { value: CalculatedValue }) {
  const [enabled, setEnabled] = useState(digitCount <= autoCountLimit);
  const [counted, setCounted] = useState(0);
  const { data, error, refetch } = useQuery({ ...digitCounts(index, setCounted), enabled });
  return (
    <Panel
      title="How often each digit occurs"
      description="Counted by your browser. The dashed line marks 10%, the share of each digit if all were equally common."
    >
      <PanelBody>
        {data !== undefined ? (
          <Frequencies index={index} counts={data} />
        ) : !enabled ? (
          <Offer digitCount={digitCount} onAccept={() => setEnabled(true)} />
        ) : error !== null ? (
          <ProblemNotice error={error} onRetry={() => void refetch()} />
        ) : (
          <Counting share={counted / digitCount} />
        )}
      </PanelBody>
    </Panel>
  );
}

function Offer({ digitCount, onAccept }: { digitCount: number; onAccept(): void }) {
  const offer = useRestoreFocus<HTMLDivElement>();
  return (
    <div ref={offer} className={styles.offer}>
      <Text>Your browser has to read all {formatCount(digitCount, "digit")} to count them.</Text>
      <Button variant="default" onClick={onAccept}>
        Count the digits
      </Button>
    </div>
  );
}

function Counting({ share }: { share: number }) {
  return (
    <div className={styles.offer}>
      <Text>Counting… {formatProgress(share)}</Text>
      <Progress.Root className={styles.bar ?? ""}>
        <Progress.Section value={share * 100} color="var(--good)" aria-label="Counting the digits" />
      </Progress.Root>
    </div>
  );
}

function Frequencies({ index, counts }: { index: number; counts: DigitCounts }) {
  const shares = percentages(counts);
  const term = formatTerm(index);
  const top = Math.max(12, ...shares) * 1.1;
  return (
    <Chart
      className={styles.plot}
      label={`Bar chart of the share of each digit, 0 to 9, in ${term}, with a line at 10%`}
      x={{ from: -0.5, to: 9.5, ticks: shares.map((_, digit) => ({ at: digit, text: String(digit) })) }}
      y={{ from: 0, to: top, ticks: percentTicks(top).map((at) => ({ at, text: `${at}%` })) }}
      draw={({ x, y, width }) => (
        <>
          <g className={chartStyles.bars}>
            {shares.map((share, digit) => (
              <rect
                // biome-ignore lint/suspicious/noArrayIndexKey: the digit is the identity of the bar.
                key={digit}
                x={x(digit - 0.35)}
                y={y(share)}
                width={width(0.7)}
                height={y(0) - y(share)}
              >
                <title>{`${digit}: ${formatCount(counts[digit] ?? 0, "time")}, ${formatShare(share / 100)}`}</title>
              </rect>
            ))}
          </g>
          <path className={chartStyles.dashed} d={`M${x(-0.5)} ${y(10)}H${x(9.5)}`} />
        </>
      )}
    >
      <figcaption className={styles.caption}>{describeCounts(counts)}</figcaption>
      <table className={styles.table} aria-label={`Digits of ${term}`}>
        <thead>
          <tr>
            <th scope="col">Digit</th>
            <th scope="col">Times</th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          {counts.map((count, digit) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the digit is the identity of the row.
            <tr key={digit}>
              <th scope="row">{digit}</th>
              <td>{formatInteger(count)}</td>
              <td>{formatShare((shares[digit] ?? 0) / 100)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Chart>
  );
}
