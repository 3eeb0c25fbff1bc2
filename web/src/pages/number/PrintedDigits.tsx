import type { CalculatedValue } from "../../api/values";
import { formatCount, formatTerm } from "../../numbers/format";
import type { DigitChunks } from "./digitChunks";
import styles from "./PrintedDigits.module.css";
import { splitGroups } from "./rowLayout";

/** Longer values are not printed whole: a million digits fill about two hundred pages. */
export const maxPrintedDigits = 100_000;

/** The digits on paper, in groups of ten: all of them, or where the rest can be found. */
export function PrintedDigits({ value, chunks }: { value: CalculatedValue; chunks: DigitChunks }) {
  const { index, digitCount } = value;
  const digits = digitCount <= maxPrintedDigits ? chunks.digits(0, digitCount) : undefined;
  return (
    <p className={styles.digits}>
      {digits === undefined
        ? `The ${formatCount(digitCount, "digit")} of ${formatTerm(index)} can be downloaded from ${window.location.href}`
        : splitGroups(digits).join(" ")}
    </p>
  );
}
