import { Button, Progress, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { type DigitCounts, digitCounts } from "../../api/digits";
import type { CalculatedValue } from "../../api/values";
import { formatCount, formatInteger, formatProgress, formatTerm } from "../../numbers/format";
import { Plot } from "../../ui/Plot";
import { ProblemNotice } from "../../ui/ProblemNotice";
import styles from "./DigitFrequency.module.css";
import { barData, barOptions, describeCounts, formatShare, totalCount } from "./frequency";
import { Panel } from "./Panel";

/** So many digits are counted unasked: about a megabyte. */
const autoCountLimit = 1_000_000;

/** How often each digit occurs, counted here. */
export function DigitFrequency({ value: { index, digitCount } }: { value: CalculatedValue }) {
  const [wanted, setWanted] = useState(digitCount <= autoCountLimit);
  const [seen, setSeen] = useState(0);
  const { data, error, refetch } = useQuery({ ...digitCounts(index, setSeen), enabled: wanted });
  return (
    <Panel
      title="How often each digit occurs"
      description="Counted by this page from all digits. The line is the tenth that each would have if all were equally frequent."
    >
      <div className={styles.content}>
        {data !== undefined ? (
          <Frequencies index={index} counts={data} />
        ) : !wanted ? (
          <div className={styles.offer}>
            <Text>To count them, the page reads all {formatCount(digitCount, "digit")} once.</Text>
            <Button variant="default" onClick={() => setWanted(true)}>
              Count the digits
            </Button>
          </div>
        ) : error !== null ? (
          <ProblemNotice error={error} onRetry={() => void refetch()} />
        ) : (
          <Counting share={seen / digitCount} />
        )}
      </div>
    </Panel>
  );
}

function Counting({ share }: { share: number }) {
  return (
    <div className={styles.offer}>
      <Text>Counting: {formatProgress(share)}</Text>
      <Progress.Root className={styles.bar ?? ""}>
        <Progress.Section value={share * 100} color="var(--good)" aria-label="Counting the digits" />
      </Progress.Root>
    </div>
  );
}

function Frequencies({ index, counts }: { index: number; counts: DigitCounts }) {
  const data = useMemo(() => barData(counts), [counts]);
  const total = totalCount(counts);
  const term = formatTerm(index);
  return (
    <Plot
      label={`Bars for the digits 0 to 9: the share of each in ${term}, and a line at a tenth`}
      data={data}
      options={barOptions}
      height={300}
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
            // biome-ignore lint/suspicious/noArrayIndexKey: the digit is what the row is about.
            <tr key={digit}>
              <th scope="row">{digit}</th>
              <td>{formatInteger(count)}</td>
              <td>{formatShare(count / total)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Plot>
  );
}
