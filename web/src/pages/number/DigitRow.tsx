import { memo, type ReactNode } from "react";
import { formatInteger } from "../../numbers/format";
import styles from "./DigitRow.module.css";
import { groupSize, splitGroups } from "./rowLayout";

/** Digits that are highlighted, counted from 0. */
export interface Marked {
  from: number;
  /** One after the last. */
  to: number;
}

interface DigitRowProps {
  /** Of the first digit, counted from 1. */
  position: number;
  /** Undefined until they are loaded. */
  digits: string | undefined;
  /** The first highlighted digit, counted from the first of the row; it may be in the row before. */
  markFrom?: number;
  /** One after the last highlighted digit, which may be in the row after. */
  markTo?: number;
}

/** A row of digits after the position of the first. */
export const DigitRow = memo(function DigitRow({
  position,
  digits,
  markFrom = 0,
  markTo = 0,
}: DigitRowProps) {
  return (
    <div className={styles.row}>
      <span className={styles.position}>{formatInteger(position)}</span>
      {digits === undefined ? (
        <span className={styles.placeholder} aria-hidden />
      ) : (
        <span className={styles.digits}>
          {splitGroups(digits).map((group, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a group has no other identity.
            <span key={i}>{mark(group, markFrom - i * groupSize, markTo - i * groupSize)}</span>
          ))}
        </span>
      )}
    </div>
  );
});

function mark(group: string, from: number, to: number): ReactNode {
  if (to <= 0 || from >= group.length) {
    return group;
  }
  return (
    <>
      {group.slice(0, Math.max(from, 0))}
      <mark>{group.slice(Math.max(from, 0), to)}</mark>
      {group.slice(to)}
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
