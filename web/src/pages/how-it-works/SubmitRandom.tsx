import { Button, Text } from "@mantine/core";
import { memo } from "react";
import { useSubmitIndex } from "../../live/useSubmit";
import { ErrorText } from "../../ui/ErrorText";
import styles from "./SubmitRandom.module.css";

/** Small enough to be calculated at once, and enough of them that few are submitted twice. */
const smallest = 1_000;
const span = 19_000;

/** Submits a random index, so that there is something to watch. */
export const SubmitRandom = memo(function SubmitRandom() {
  const submission = useSubmitIndex();
  return (
    <div className={styles.row}>
      <Button
        size="md"
        aria-busy={submission.isPending}
        onClick={() => submission.isPending || submission.mutate(smallest + Math.floor(Math.random() * span))}
      >
        Submit a random index
      </Button>
      <div className={styles.text}>
        {submission.isError ? (
          <ErrorText error={submission.error} />
        ) : (
          <Text size="sm" c="dimmed">
            Picks one between 1,000 and 20,000 and submits it, as if you had typed it.
          </Text>
        )}
      </div>
    </div>
  );
});
