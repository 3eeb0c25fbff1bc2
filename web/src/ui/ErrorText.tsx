import { Text } from "@mantine/core";
import { useMemo } from "react";
import { messageOf, waitOf } from "../api/problem";
import { formatDuration } from "../numbers/format";
import { useCountdown } from "./useCountdown";

/** What an error means, read aloud at once; nothing without an error. Where the server says when to retry, counts down. */
export function ErrorText({ error }: { error: Error | null }) {
  const wait = useMemo(() => waitOf(error), [error]);
  const left = useCountdown(wait);
  return (
    error !== null && (
      <div>
        <Text size="sm" c="var(--bad)" role="alert">
          {messageOf(error)}
        </Text>
        {wait !== undefined && left !== undefined && (
          // Not announced: the sentence above has said how long.
          <Text size="sm" c="dimmed" role="timer">
            {left > 0 ? `${formatDuration(left * 1_000)} left.` : "You can try again now."}
          </Text>
        )}
      </div>
    )
  );
}
