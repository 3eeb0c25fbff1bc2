import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { costEstimate } from "../api/estimates";
import { formatCount, formatDuration, formatTerm } from "../numbers/format";
import { shortValue } from "../numbers/shortValue";
import styles from "./EstimateNote.module.css";

/** What is known of a number before it is submitted: a short one itself, else its length and the time it takes. */
export function EstimateNote({ index, hint }: { index: number | undefined; hint?: string | undefined }) {
  const short = index === undefined ? undefined : shortValue(index);
  const { data } = useQuery({
    ...costEstimate(short === undefined ? index : undefined),
    placeholderData: keepPreviousData,
  });
  return (
    // Rendered even while it is empty, so that screen readers announce what appears in it.
    <p className={styles.note} aria-live="polite">
      {index === undefined ? (
        hint
      ) : short !== undefined ? (
        <>
          {formatTerm(index)} is <strong>{short}</strong>.
        </>
      ) : (
        data !== undefined && (
          <>
            {formatTerm(data.index)} has <strong>{formatCount(data.digits, "digit")}</strong> and takes{" "}
            <strong>{approximate(data.seconds)}</strong> to calculate.
          </>
        )
      )}
    </p>
  );
}

function approximate(seconds: number): string {
  const text = formatDuration(seconds * 1_000);
  return text.startsWith("under") ? text : `about ${text}`;
}
