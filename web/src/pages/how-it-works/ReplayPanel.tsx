import { Button, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { formatTerm } from "../../numbers/format";
import { Panel, PanelBody } from "../../ui/Panel";
import { formatMicros } from "./micros";
import styles from "./ReplayPanel.module.css";
import { describePace, momentsOf } from "./replay";
import type { Trace } from "./traces";
import { useReplay } from "./useReplay";

/** The path of one index with its real times, slowed down so far that it can be followed. */
export function ReplayPanel({ trace }: { trace: Trace }) {
  const [run, setRun] = useState(1);
  const time = useReplay(trace, run);
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => panel.current?.scrollIntoView?.({ block: "nearest" }), []);
  const moments = momentsOf(trace);
  const ended = Math.max(1, trace.ended ?? 0);
  return (
    <div ref={panel}>
      <Panel title={`The path of ${formatTerm(trace.index)}`} description={describePace(trace)}>
        <PanelBody>
          <div aria-hidden="true" className={styles.line}>
            <div className={styles.played} style={{ width: `${(100 * time) / ended}%` }} />
            {moments.map(({ at, text }) => (
              <span
                key={`${at} ${text}`}
                className={styles.moment}
                data-passed={time >= at}
                style={{ left: `${(100 * at) / ended}%` }}
              />
            ))}
          </div>
          <ol className={styles.moments}>
            {moments.map(({ at, text }) => (
              <li key={`${at} ${text}`} data-passed={time >= at}>
                <span className={styles.time}>{formatMicros(at)}</span> {text}
              </li>
            ))}
          </ol>
          <div className={styles.row}>
            <Button variant="default" onClick={() => setRun(run + 1)}>
              Play again
            </Button>
            <Text size="sm" c="dimmed" className={styles.clock ?? ""}>
              {formatMicros(time)}
            </Text>
          </div>
        </PanelBody>
      </Panel>
    </div>
  );
}
