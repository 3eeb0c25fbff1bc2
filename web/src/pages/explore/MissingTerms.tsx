import { Button, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { messageOf } from "../../api/problem";
import { useSubmitIndices } from "../../api/terms";
import { formatTerm } from "../../numbers/format";
import { formatRanges } from "./formatRanges";
import styles from "./MissingTerms.module.css";

interface MissingTermsProps {
  /** How many terms are drawn, from F(0) on. */
  count: number;
  /** How many of them are there. */
  there: number;
  /** Those that are known to have no value. */
  missing: number[];
}

/** Says what is missing for the pictures, and has it calculated on demand. */
export function MissingTerms({ count, there, missing }: MissingTermsProps) {
  const submission = useSubmitIndices();
  const [asked, setAsked] = useState(false);
  const news = useRef<HTMLParagraphElement>(null);
  const all = `F(0) to ${formatTerm(count - 1)}`;
  const complete = there === count;

  // The button is gone then, and whoever pressed it would be nowhere.
  useEffect(() => {
    if (asked && complete) {
      news.current?.focus({ preventScroll: true });
    }
  }, [asked, complete]);

  function sentence(): string {
    if (complete) {
      return `${all} are calculated. Everything here is drawn from them and from the newest of the other values.`;
    }
    if (there === 0) {
      return `None of ${all} is calculated yet: the pictures wait for them.`;
    }
    const rest = missing.length > 0 ? ` Not yet: ${formatRanges(missing)}.` : "";
    return `${there} of the ${count} numbers ${all} are calculated.${rest}`;
  }

  return (
    <div className={styles.panel} data-complete={complete}>
      <Text ref={news} role="status" tabIndex={-1} className={styles.news ?? ""}>
        {sentence()}
      </Text>
      {missing.length > 0 && (
        <Button
          size="md"
          aria-busy={submission.isPending}
          onClick={() => {
            if (!submission.isPending) {
              setAsked(true);
              submission.mutate(missing);
            }
          }}
        >
          Calculate {all}
        </Button>
      )}
      {submission.isError && !complete && (
        <Text size="sm" c="var(--bad)" role="alert">
          {messageOf(submission.error)}
        </Text>
      )}
    </div>
  );
}
