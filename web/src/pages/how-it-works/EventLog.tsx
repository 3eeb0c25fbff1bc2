import { Text, Title } from "@mantine/core";
import { useId } from "react";
import type { IndexEvent } from "../../live/events";
import { TermLink } from "../../ui/TermLink";
import { describeEvent } from "./activity";
import { formatClock } from "./clock";
import styles from "./EventLog.module.css";

/** The latest events, newest first. */
export function EventLog({ log }: { log: IndexEvent[] }) {
  const heading = useId();
  return (
    <section aria-labelledby={heading} className={styles.log}>
      <Title order={2} size="h4" id={heading}>
        What happens
      </Title>
      {log.length === 0 ? (
        <Text c="dimmed" size="sm" mt={6}>
          Nothing since you came. Whatever anybody submits is told here.
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
    </section>
  );
}
