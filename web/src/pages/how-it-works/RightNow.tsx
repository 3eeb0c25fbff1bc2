import { Text } from "@mantine/core";
import { formatCount } from "../../numbers/format";
import { Panel, PanelBody } from "../../ui/Panel";
import { formatMicros } from "./micros";
import styles from "./RightNow.module.css";
import { countEvents, type Rates } from "./rates";
import { Sparkline } from "./Sparkline";
import { percentile } from "./traces";
import { useNow } from "./useNow";

interface RightNowProps {
  rates: Rates;
  /** The latest times from a submission until a worker took the index, in microseconds. */
  waits: readonly number[];
}

/** How much is submitted and calculated, and how long it waits. */
export function RightNow({ rates, waits }: RightNowProps) {
  const { submitted, calculated } = countEvents(rates, Math.floor(useNow() / 1_000));
  const [median, p95] = [percentile(waits, 0.5), percentile(waits, 0.95)];
  return (
    <Panel title="The last minute" description="Counted on this page, from the events that reach it.">
      <PanelBody>
        <Sparkline title="Submitted" counts={submitted} />
        <Sparkline title="Calculated" counts={calculated} />
        <dl className={styles.waits}>
          <div>
            <dt>Median wait (p50)</dt>
            <dd>{median === undefined ? "–" : formatMicros(median)}</dd>
          </div>
          <div>
            <dt>95th percentile (p95)</dt>
            <dd>{p95 === undefined ? "–" : formatMicros(p95)}</dd>
          </div>
        </dl>
        <Text size="sm" c="dimmed">
          {waits.length === 0
            ? "From the submission until a worker has the index. Nothing was submitted yet that had to be calculated."
            : `From the submission until a worker has the index, of the last ${formatCount(waits.length, "calculation")}.`}
        </Text>
      </PanelBody>
    </Panel>
  );
}
