import { Text } from "@mantine/core";
import type { IndexEvent } from "../../live/events";
import { formatClock } from "../../numbers/format";
import { Panel, PanelBody } from "../../ui/Panel";
import { TermLink } from "../../ui/TermLink";
import { describeEvent } from "./activity";
import styles from "./EventLog.module.css";

/** The latest events, newest first. */
export function EventLog({ log }: { log: IndexEvent[] }) {
  return (
    <Panel title="Activity">
      <PanelBody>
        {log.length === 0 ? (
          <Text c="dimmed" size="sm">
            Nothing yet. New submissions appear here as they happen.
          </Text>
        ) : (
          <ol className={styles.events}>
            {log.map((event) => (
              <li key={`${event.index} ${event.kind} ${event.at}`} className={styles.event}>
                <time dateTime={event.at} className={styles.time}>
                  {formatClock(event.at)}
                </time>
                <span className={styles.text}>
                  <TermLink index={event.index} /> {describeEvent(event)}
                </span>
              </li>
            ))}
          </ol>
        )}
      </PanelBody>
    </Panel>
  );
}
