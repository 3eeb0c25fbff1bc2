import { Button, Text } from "@mantine/core";
import { messageOf } from "../api/problem";
import { useSubmitIndex } from "../live/useSubmitIndex";
import { formatTerm } from "../numbers/format";
import styles from "./Failure.module.css";
import { RetryIcon } from "./icons";
import { useRestoreFocus } from "./useRestoreFocus";

interface FailureProps {
  index: number;
  reason: string | undefined;
}

/** Why a calculation failed, and the button that has it tried anew. */
export function Failure({ index, reason = "No reason was given." }: FailureProps) {
  const submission = useSubmitIndex();
  const failure = useRestoreFocus<HTMLDivElement>();
  return (
    <div ref={failure} className={styles.failure}>
      <Text size="sm">{reason}</Text>
      <Button
        variant="default"
        size="compact-md"
        leftSection={<RetryIcon />}
        aria-label={`Try ${formatTerm(index)} again`}
        onClick={() => submission.isPending || submission.mutate(index)}
      >
        Try again
      </Button>
      {submission.isError && (
        <Text size="sm" c="var(--bad)" role="alert">
          {messageOf(submission.error)}
        </Text>
      )}
    </div>
  );
}
