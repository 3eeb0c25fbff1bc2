import { Text } from "@mantine/core";
import { messageOf } from "../api/problem";

/** What an error means, read aloud at once; nothing without an error. */
export function ErrorText({ error }: { error: Error | null }) {
  return (
    error !== null && (
      <Text size="sm" c="var(--bad)" role="alert">
        {messageOf(error)}
      </Text>
    )
  );
}
