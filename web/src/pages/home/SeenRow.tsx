import { memo } from "react";
import type { SeenIndex } from "../../api/indices";
import { formatInteger, formatTime } from "../../numbers/format";
import { TermLink } from "../../ui/TermLink";
import { Unfinished } from "../../ui/Unfinished";
import styles from "./SeenRow.module.css";
import { StateBadge } from "./StateBadge";

/** A submitted index and its state. */
export const SeenRow = memo(function SeenRow({ seen }: { seen: SeenIndex }) {
  return (
    <div className={styles.row}>
      <div className={styles.line}>
        <TermLink index={seen.index} />
        <StateBadge state={seen.state} progress={seen.progress} />
      </div>
      <Unfinished {...seen} />
      <p className={styles.note}>{describeSubmissions(seen)}</p>
    </div>
  );
});

function describeSubmissions({ submissions, lastSeenAt }: SeenIndex): string {
  const last = formatTime(lastSeenAt);
  return submissions === 1
    ? `Submitted on ${last}`
    : `Submitted ${formatInteger(submissions)} times, last on ${last}`;
}
