import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { costEstimate } from "../api/estimates";
import { formatCount, formatDuration, formatTerm } from "../numbers/format";
import styles from "./EstimateNote.module.css";

/** How long a number is and how long it takes, before it is submitted. */
export function EstimateNote({ index }: { index: number | undefined }) {
  const { data } = useQuery({ ...costEstimate(index), placeholderData: keepPreviousData });
  return (
    // Rendered even while it is empty, so that screen readers announce what appears in it.
    <p className={styles.note} aria-live="polite">
      {index !== undefined && data !== undefined && (
        <>
          {formatTerm(data.index)} has <strong>{formatCount(data.digits, "digit")}</strong> and takes{" "}
          <strong>{approximate(data.seconds)}</strong> to calculate.
        </>
      )}
    </p>
  );
}

function approximate(seconds: number): string {
  const text = formatDuration(seconds * 1_000);
  return text.startsWith("under") ? text : `about ${text}`;
}
