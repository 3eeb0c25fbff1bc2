import { Button, Text } from "@mantine/core";
import { formatClock, formatTerm } from "../../numbers/format";
import { Panel, PanelBody } from "../../ui/Panel";
import { TermLink } from "../../ui/TermLink";
import { describeEntry, type LogEntry } from "./activity";
import styles from "./EventLog.module.css";
import type { Trace } from "./traces";
import { workerName } from "./workerName";

interface EventLogProps {
  log: LogEntry[];
  /** The traces that can be replayed. */
  traces: readonly Trace[];
  onReplay(trace: Trace): void;
}

/** The latest events, newest first. The path of an index that was followed to its end can be replayed. */
export function EventLog({ log, traces, onReplay }: EventLogProps) {
  const traceOf = (entry: LogEntry) =>
    entry.kind === "calculated" || entry.kind === "failed"
      ? traces.find(({ index }) => index === entry.index)
      : undefined;
  return (
    <Panel title="Activity">
      <PanelBody>
        {log.length === 0 ? (
          <Text c="dimmed" size="sm">
            Nothing yet. New submissions appear here as they happen.
          </Text>
        ) : (
          <ol className={styles.events}>
            {log.map((entry) => {
              const trace = traceOf(entry);
              return (
                <li key={keyOf(entry)} className={styles.event}>
                  <time dateTime={entry.at} className={styles.time}>
                    {formatClock(entry.at)}
                  </time>
                  <span className={styles.text} data-kind={entry.kind}>
                    <Subject entry={entry} /> {describeEntry(entry)}
                  </span>
                  {trace !== undefined && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      className={styles.replay ?? ""}
                      onClick={() => onReplay(trace)}
                      aria-label={`Replay the path of ${formatTerm(trace.index)}`}
                    >
                      Replay
                    </Button>
                  )}
                </li>
              );
            })}
          </ol>
        )}
      </PanelBody>
    </Panel>
  );
}

function Subject({ entry }: { entry: LogEntry }) {
  return entry.kind === "gone" ? `Worker ${workerName(entry.worker)}` : <TermLink index={entry.index} />;
}

function keyOf(entry: LogEntry): string {
  return `${entry.kind} ${entry.kind === "gone" ? entry.worker : entry.index} ${entry.at}`;
}
