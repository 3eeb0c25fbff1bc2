import { memo, type ReactNode } from "react";
import { formatInteger } from "../../numbers/format";
import styles from "./DigitRow.module.css";
import { groupSize, splitGroups } from "./rowLayout";

interface DigitRowProps {
  /** Of the first digit, counted from 1. */
  position: number;
  /** Undefined until they are loaded. */
  digits: string | undefined;
  /** Which digit of the row is highlighted, counted from 0. */
  marked: number | undefined;
}

/** A row of digits after the position of the first. */
export const DigitRow = memo(function DigitRow({ position, digits, marked }: DigitRowProps) {
  return (
    <div className={styles.row}>
      <span className={styles.position}>{formatInteger(position)}</span>
      {digits === undefined ? (
        <span className={styles.placeholder} aria-hidden />
      ) : (
        <span className={styles.digits}>
          {splitGroups(digits).map((group, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a group has no other identity.
            <span key={i}>{mark(group, marked === undefined ? -1 : marked - i * groupSize)}</span>
          ))}
        </span>
      )}
    </div>
  );
});

function mark(group: string, at: number): ReactNode {
  if (at < 0 || at >= group.length) {
    return group;
  }
  return (
    <>
      {group.slice(0, at)}
      <mark>{group[at]}</mark>
      {group.slice(at + 1)}
    </>
  );
}

/** An invisible row to measure: the last position, and one group. */
export function SampleRow({ ref, digitCount }: { ref: React.Ref<HTMLDivElement>; digitCount: number }) {
  return (
    <div ref={ref} className={styles.row} data-sample aria-hidden>
      <span className={styles.position}>{formatInteger(digitCount)}</span>
      <span className={styles.digits}>
        <span>{"0".repeat(groupSize)}</span>
      </span>
    </div>
  );
}
