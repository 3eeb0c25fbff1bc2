import { Text } from "@mantine/core";
import type { SeenIndex } from "../../api/indices";
import { formatInteger, formatTime } from "../../numbers/format";
import { CalculationProgress } from "../../ui/CalculationProgress";
import { Failure } from "../../ui/Failure";
import { TermLink } from "../../ui/TermLink";
import styles from "./SeenRow.module.css";
import { StateBadge } from "./StateBadge";

/** A submitted index and where it stands. */
export function SeenRow({ seen }: { seen: SeenIndex }) {
  return (
    <div className={styles.row}>
      <div className={styles.line}>
        <TermLink index={seen.index} />
        <StateBadge state={seen.state} progress={seen.progress} />
      </div>
      {seen.state === "calculating" && (
        <CalculationProgress index={seen.index} progress={seen.progress ?? 0} />
      )}
      {seen.state === "failed" && <Failure index={seen.index} reason={seen.reason} />}
      <Text size="sm" c="dimmed">
        {submissionsOf(seen)}
      </Text>
    </div>
  );
}

function submissionsOf({ submissions, lastSeenAt }: SeenIndex): string {
  const last = formatTime(lastSeenAt);
  return submissions === 1
    ? `Submitted ${last}`
    : `Submitted ${formatInteger(submissions)} times, last ${last}`;
}
