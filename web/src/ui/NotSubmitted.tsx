import { Button, Loader, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { costEstimate } from "../api/estimates";
import { isTooLarge, messageOf } from "../api/problem";
import { useSubmitIndex } from "../live/useSubmit";
import { formatTerm } from "../numbers/format";
import { shortValue } from "../numbers/shortValue";
import { ErrorText } from "./ErrorText";
import { EstimateNote } from "./EstimateNote";
import styles from "./NotSubmitted.module.css";
import { useRestoreFocus } from "./useRestoreFocus";

/** Offers to calculate a number that was never submitted, and says what it would cost. */
export function NotSubmitted({ index }: { index: number }) {
  const estimate = useQuery(costEstimate(index));
  const submission = useSubmitIndex();
  const offer = useRestoreFocus<HTMLDivElement>();
  const term = formatTerm(index);

  if (isTooLarge(estimate.error)) {
    return (
      <div className={styles.notSubmitted}>
        <Text size="lg">{term} is too large for this server.</Text>
        <Text>{messageOf(estimate.error)}</Text>
      </div>
    );
  }
  return (
    <div ref={offer} className={styles.notSubmitted}>
      <Text>
        {shortValue(index) === undefined
          ? `${term} has not been calculated yet.`
          : `This page adds up a number this short by itself. The server has not calculated ${term} yet.`}
      </Text>
      {shortValue(index) === undefined && <EstimateNote index={index} />}
      <Button
        size="md"
        leftSection={submission.isPending && <Loader size="xs" color="currentColor" />}
        onClick={() => submission.isPending || submission.mutate(index)}
      >
        Calculate {term}
      </Button>
      <ErrorText error={submission.error} />
    </div>
  );
}
