import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { costEstimate } from "../api/estimates";
import { formatCount, formatDuration, formatTerm } from "../numbers/format";
import styles from "./EstimateNote.module.css";

/** What a number will be like and what it costs, before anybody asks for it. */
export function EstimateNote({ index }: { index: number | undefined }) {
  const { data } = useQuery({ ...costEstimate(index), placeholderData: keepPreviousData });
  return (
    // There from the start, so that screen readers tell what appears in it.
    <p className={styles.note} aria-live="polite">
      {index !== undefined && data !== undefined && (
        <>
          {formatTerm(data.index)} has <strong>{formatCount(data.digits, "digit")}</strong>; calculating it
          takes <strong>{durationOf(data.seconds)}</strong>.
        </>
      )}
    </p>
  );
}

function durationOf(seconds: number): string {
  const text = formatDuration(seconds * 1_000);
  return text.startsWith("under") ? text : `about ${text}`;
}
