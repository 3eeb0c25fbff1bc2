import { Button, Text } from "@mantine/core";
import { sentenceOf } from "../api/problem";
import { RetryIcon } from "./icons";
import styles from "./ProblemNotice.module.css";
import { useFocusHandedOn } from "./useFocusHandedOn";

interface ProblemNoticeProps {
  error: unknown;
  onRetry(): void;
}

/** What went wrong in place of what should be here, and a way out. */
export function ProblemNotice({ error, onRetry }: ProblemNoticeProps) {
  const notice = useFocusHandedOn<HTMLDivElement>();
  return (
    <div ref={notice} role="alert" className={styles.notice}>
      <Text>{sentenceOf(error)}</Text>
      <Button variant="default" size="compact-md" leftSection={<RetryIcon />} onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}
