import { Text } from "@mantine/core";
import type { CalculatedValue } from "../../api/values";
import { formatCount, formatDuration, formatTerm, formatTime, minus } from "../../numbers/format";
import { TermLink } from "../../ui/TermLink";
import { Digits } from "./Digits";
import { ValueActions } from "./ValueActions";
import styles from "./ValueView.module.css";

/** Values up to this length stand on one line with their term. */
const shortDigits = 30;

/** A calculated value: F(n), its digits, and how it came about. */
export function ValueView({ value }: { value: CalculatedValue }) {
  const short = value.digitCount <= shortDigits ? value.value : undefined;
  return (
    <article aria-label={formatTerm(value.index)} className={styles.value}>
      <div className={styles.line}>
        <p className={styles.equation}>
          <TermLink index={value.index} /> ={short !== undefined && ` ${minus(short)}`}
        </p>
        <ValueActions value={value} />
      </div>
      {short === undefined && <Digits value={value} />}
      <Text size="sm" c="dimmed">
        {`${formatCount(value.digitCount, "digit")}, calculated in ${formatDuration(value.durationMs)} on ${formatTime(value.calculatedAt)}`}
      </Text>
    </article>
  );
}
