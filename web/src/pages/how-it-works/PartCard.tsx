import { Title } from "@mantine/core";
import { memo } from "react";
import { formatClock } from "../../numbers/format";
import { Status } from "../../ui/Status";
import type { Action } from "./activity";
import type { PartHealth } from "./health";
import styles from "./PartCard.module.css";
import { type PartName, parts } from "./parts";

const tones = { ok: "good", down: "bad", unknown: "neutral" } as const;

interface PartCardProps {
  name: PartName;
  health: PartHealth;
  latest: Action | undefined;
  /** Whether it handles an index at the moment. */
  busy: boolean;
}

/** A part of the system: its health, its task and its latest action. */
export const PartCard = memo(function PartCard({ name, health, latest, busy }: PartCardProps) {
  const { title, role } = parts[name];
  return (
    <li data-part={name} data-busy={busy} className={styles.card} style={{ gridArea: name }}>
      <div className={styles.head}>
        <Title order={3} size="h5">
          {title}
        </Title>
        {health.software !== undefined && <span className={styles.software}>{health.software}</span>}
      </div>
      <p className={styles.health}>
        <Status tone={tones[health.state]}>{health.text}</Status>
      </p>
      <p className={styles.role}>{role}</p>
      <p className={styles.latest}>
        {latest === undefined ? (
          "No activity yet"
        ) : (
          <>
            {latest.text} <time dateTime={latest.at}>{formatClock(latest.at)}</time>
          </>
        )}
      </p>
    </li>
  );
});
