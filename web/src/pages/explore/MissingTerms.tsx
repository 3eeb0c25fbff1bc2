import { Button, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useSubmitIndices } from "../../live/useSubmit";
import { formatTerm } from "../../numbers/format";
import { ErrorText } from "../../ui/ErrorText";
import { formatRanges } from "./formatRanges";
import styles from "./MissingTerms.module.css";

interface MissingTermsProps {
  /** How many terms are drawn, from F(0) on. */
  count: number;
  /** How many of them are calculated. */
  calculatedCount: number;
  /** Those that have no value. */
  missing: number[];
}

/** Names the terms that the charts lack, and submits them on demand. */
export function MissingTerms({ count, calculatedCount, missing }: MissingTermsProps) {
  const submission = useSubmitIndices();
  const [wasSubmitted, setWasSubmitted] = useState(false);
  const status = useRef<HTMLParagraphElement>(null);
  const all = `F(0) to ${formatTerm(count - 1)}`;
  const isComplete = calculatedCount === count;

  // The button that had the focus is gone once all are calculated.
  useEffect(() => {
    if (wasSubmitted && isComplete) {
      status.current?.focus({ preventScroll: true });
    }
  }, [wasSubmitted, isComplete]);

  function statusText(): string {
    if (isComplete) {
      return `${all} are calculated. The charts also show the newest of your other values.`;
    }
    if (calculatedCount === 0) {
      return `None of ${all} is calculated yet. Calculate them to see the charts.`;
    }
    const rest = missing.length > 0 ? ` Missing: ${formatRanges(missing)}.` : "";
    return `${calculatedCount} of the ${count} numbers from ${all} are calculated.${rest}`;
  }

  return (
    <div className={styles.panel} data-complete={isComplete}>
      <Text ref={status} role="status" tabIndex={-1} className={styles.status ?? ""}>
        {statusText()}
      </Text>
      {missing.length > 0 && (
        <Button
          size="md"
          aria-busy={submission.isPending}
          onClick={() => {
            if (!submission.isPending) {
              setWasSubmitted(true);
              submission.mutate(missing);
            }
          }}
        >
          Calculate {all}
        </Button>
      )}
      {!isComplete && <ErrorText error={submission.error} />}
    </div>
  );
}
