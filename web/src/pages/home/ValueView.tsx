import { memo } from "react";
import type { CalculatedValue } from "../../api/values";
import { describeCalculation, formatTerm, minus } from "../../numbers/format";
import { TermLink } from "../../ui/TermLink";
import { CopyButton, DownloadButton } from "../../ui/ValueButtons";
import { Digits } from "./Digits";
import styles from "./ValueView.module.css";

/** Values up to this length are on one line with their name. */
const maxInlineDigits = 30;

/** A calculated value: F(n), its digits, and how long and when it was calculated. */
export const ValueView = memo(function ValueView({ value: calculated }: { value: CalculatedValue }) {
  const { index, value, digitCount } = calculated;
  const inline = digitCount <= maxInlineDigits ? value : undefined;
  return (
    <article aria-label={formatTerm(index)} className={styles.value}>
      <div className={styles.line}>
        <p className={styles.equation}>
          <TermLink index={index} /> ={inline !== undefined && ` ${minus(inline)}`}
        </p>
        {value !== undefined ? (
          <CopyButton text={value} name={formatTerm(index)} compact />
        ) : (
          <DownloadButton index={index} compact />
        )}
      </div>
      {inline === undefined && <Digits value={calculated} />}
      <p className={styles.note}>{describeCalculation(calculated)}</p>
    </article>
  );
});
