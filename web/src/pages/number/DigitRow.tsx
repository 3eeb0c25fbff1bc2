import { memo, type ReactNode } from "react";
import { formatInteger } from "../../numbers/format";
import styles from "./DigitRow.module.css";
import { groupSize, splitGroups } from "./rowLayout";

interface DigitRowProps {
  /** Of the first digit, from 1 on. */
  position: number;
  /** Undefined until they are there. */
  digits: string | undefined;
  /** Which digit of the row stands out, from 0 on. */
  marked: number | undefined;
}

/** Some digits with the position of the first in front of them. */
export const DigitRow = memo(function DigitRow({ position, digits, marked }: DigitRowProps) {
  return (
    <div className={styles.row}>
      <span className={styles.position}>{formatInteger(position)}</span>
      {digits === undefined ? (
        <span className={styles.waiting} aria-hidden />
      ) : (
        <span className={styles.digits}>
          {splitGroups(digits).map((group, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a group has nothing else to be told by.
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

/** A row to measure by, that nobody sees: the last position, and one group. */
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
