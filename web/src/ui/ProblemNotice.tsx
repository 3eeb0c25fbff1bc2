import { Button, Text } from "@mantine/core";
import { messageOf } from "../api/problem";
import { RetryIcon } from "./icons";
import styles from "./ProblemNotice.module.css";
import { useRestoreFocus } from "./useRestoreFocus";

interface ProblemNoticeProps {
  error: unknown;
  onRetry(): void;
}

/** Replaces what could not be loaded: says why, and offers to try again. */
export function ProblemNotice({ error, onRetry }: ProblemNoticeProps) {
  const notice = useRestoreFocus<HTMLDivElement>();
  return (
    <div ref={notice} role="alert" className={styles.notice}>
      <Text>{messageOf(error)}</Text>
      <Button variant="default" size="compact-md" leftSection={<RetryIcon />} onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}
