import { Button, Text } from "@mantine/core";
import { messageOf } from "../../api/problem";
import { useSubmitIndex } from "../../live/useSubmitIndex";
import styles from "./SubmitRandom.module.css";

/** Small enough to be there at once, and so many that hardly one is drawn twice. */
const smallest = 1_000;
const span = 19_000;

/** Submits an index drawn by lot, so that something happens. */
export function SubmitRandom() {
  const submission = useSubmitIndex();
  return (
    <div className={styles.row}>
      <Button
        size="md"
        aria-busy={submission.isPending}
        onClick={() => submission.isPending || submission.mutate(smallest + Math.floor(Math.random() * span))}
      >
        Send an index along
      </Button>
      {submission.isError ? (
        <Text size="sm" c="var(--bad)" role="alert" className={styles.text ?? ""}>
          {messageOf(submission.error)}
        </Text>
      ) : (
        <Text size="sm" c="dimmed" className={styles.text ?? ""}>
          Draws one between 1,000 and 20,000 by lot and submits it, as if you had typed it.
        </Text>
      )}
    </div>
  );
}
