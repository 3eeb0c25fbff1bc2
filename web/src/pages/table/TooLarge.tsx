import { Anchor, Text } from "@mantine/core";
import { apiRoot } from "../../api/client";
import { formatTerm } from "../../numbers/format";
import { LinkButton } from "../../ui/LinkButton";
import { addressOf, type Range } from "./range";
import styles from "./TooLarge.module.css";

interface TooLargeProps {
  reason: string;
  /** A range that is not too large. */
  instead: Range | undefined;
}

/** Says that a range is too large for a table, and what to do. */
export function TooLarge({ reason, instead }: TooLargeProps) {
  return (
    <div className={styles.notice}>
      <Text>{reason}</Text>
      <Text>
        Programs get up to 10,000,000 digits at once from the{" "}
        <Anchor href={`${apiRoot}/docs`} inherit>
          API
        </Anchor>
        , as CSV too.
      </Text>
      {instead !== undefined && (
        <LinkButton
          to={addressOf(instead)}
        >{`Show ${formatTerm(instead.from)} to ${formatTerm(instead.to)}`}</LinkButton>
      )}
    </div>
  );
}
