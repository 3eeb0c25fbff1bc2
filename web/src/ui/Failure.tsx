import { Button, Text } from "@mantine/core";
import { useSubmitIndex } from "../live/useSubmit";
import { formatTerm } from "../numbers/format";
import { ErrorText } from "./ErrorText";
import styles from "./Failure.module.css";
import { RetryIcon } from "./icons";
import { useRestoreFocus } from "./useRestoreFocus";

interface FailureProps {
  index: number;
  reason: string | undefined;
}

/** Why a calculation failed, and a button that submits the index again. */
export function Failure({ index, reason = "The server gave no reason." }: FailureProps) {
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
      <ErrorText error={submission.error} />
    </div>
  );
}
