import { Button, Text } from "@mantine/core";
import { formatClock, formatTerm } from "../../numbers/format";
import { Panel, PanelBody } from "../../ui/Panel";
import { TermLink } from "../../ui/TermLink";
import { describeEntry, type LogEntry } from "./activity";
import styles from "./EventLog.module.css";
import type { Journey } from "./journeys";

interface EventLogProps {
  log: LogEntry[];
  /** The journeys that can be replayed. */
  journeys: readonly Journey[];
  onReplay(journey: Journey): void;
}

/** The latest events, newest first. The way of an index that was followed to its end can be replayed. */
export function EventLog({ log, journeys, onReplay }: EventLogProps) {
  const journeyOf = ({ kind, index }: LogEntry) =>
    kind === "calculated" || kind === "failed"
      ? journeys.find((journey) => journey.index === index)
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
              const journey = journeyOf(entry);
              return (
                <li key={`${entry.index} ${entry.kind} ${entry.at}`} className={styles.event}>
                  <time dateTime={entry.at} className={styles.time}>
                    {formatClock(entry.at)}
                  </time>
                  <span className={styles.text} data-kind={entry.kind}>
                    <TermLink index={entry.index} /> {describeEntry(entry)}
                  </span>
                  {journey !== undefined && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      className={styles.replay ?? ""}
                      onClick={() => onReplay(journey)}
                      aria-label={`Replay the way of ${formatTerm(entry.index)}`}
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
