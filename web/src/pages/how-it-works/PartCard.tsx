import { Title } from "@mantine/core";
import type { Action } from "./activity";
import { formatClock } from "./clock";
import type { PartHealth } from "./health";
import styles from "./PartCard.module.css";
import { type PartName, parts } from "./parts";

interface PartCardProps {
  name: PartName;
  health: PartHealth;
  latest: Action | undefined;
  /** Whether it has an index in hand. */
  busy: boolean;
}

/** A part of the system: what it is for, how it is, and what it did last. */
export function PartCard({ name, health, latest, busy }: PartCardProps) {
  const { title, role } = parts[name];
  return (
    <li data-part={name} data-busy={busy} className={styles.card} style={{ gridArea: name }}>
      <div className={styles.head}>
        <Title order={3} size="h5">
          {title}
        </Title>
        {health.software !== undefined && <span className={styles.software}>{health.software}</span>}
      </div>
      <p className={styles.health} data-state={health.state}>
        {health.words}
      </p>
      <p className={styles.role}>{role}</p>
      <p className={styles.latest}>
        {latest === undefined ? (
          "Nothing yet"
        ) : (
          <>
            {latest.text} <time dateTime={latest.at}>{formatClock(latest.at)}</time>
          </>
        )}
      </p>
    </li>
  );
}
