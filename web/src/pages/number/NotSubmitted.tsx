import { Button, Loader, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { costEstimate } from "../../api/estimates";
import { isTooLarge, messageOf } from "../../api/problem";
import { useSubmitIndex } from "../../live/useSubmitIndex";
import { formatTerm } from "../../numbers/format";
import { EstimateNote } from "../../ui/EstimateNote";
import { LinkButton } from "../../ui/LinkButton";
import styles from "./NumberView.module.css";

/** Stands in for a number that nobody has asked for: says what it would cost, and has it calculated. */
export function NotSubmitted({ index }: { index: number }) {
  const estimate = useQuery(costEstimate(index));
  const submission = useSubmitIndex();
  const term = formatTerm(index);

  if (isTooLarge(estimate.error)) {
    return (
      <div className={styles.notSubmitted}>
        <Text size="lg">{term} is more than this Pisano calculates.</Text>
        <Text>{messageOf(estimate.error)}</Text>
        <LinkButton to="/">Go to the numbers</LinkButton>
      </div>
    );
  }
  return (
    <div className={styles.notSubmitted}>
      <Text size="lg">Nobody has asked for {term} yet, so it has not been calculated.</Text>
      <EstimateNote index={index} />
      <Button
        size="md"
        leftSection={submission.isPending && <Loader size="xs" color="currentColor" />}
        onClick={() => submission.isPending || submission.mutate(index)}
      >
        Calculate {term}
      </Button>
      {submission.isError && (
        <Text c="var(--bad)" role="alert">
          {messageOf(submission.error)}
        </Text>
      )}
    </div>
  );
}
