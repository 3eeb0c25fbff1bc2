import { maxWholeDigits } from "../../numbers/digitEnds";
import { formatInteger, formatShort, minus } from "../../numbers/format";
import { Groups } from "../../ui/Groups";
import styles from "./Hero.module.css";

/** The digits of a number as far as they are known. */
export interface KnownDigits {
  sign: number;
  digitCount: bigint;
  /** With its sign, if it is known whole. */
  value?: string | undefined;
  /** The first digits of a longer number, without its sign. */
  leading?: string | undefined;
}

/** Digits of a longer number in front of its power of ten. */
const shownDigits = 16;
/** So many digits are in larger type, and on one line of a phone. */
const maxShortDigits = 12;

/** The number of a page: whole in groups of three, or its first digits and the power of ten. */
export function Hero({ known }: { known: KnownDigits | undefined }) {
  if (known === undefined) {
    return <p className={styles.number} data-loading />;
  }
  const { sign, digitCount, value, leading } = known;
  if (value !== undefined && digitCount <= maxWholeDigits) {
    return (
      <p className={styles.number} data-digits data-short={digitCount <= maxShortDigits}>
        <Groups>{minus(formatInteger(BigInt(value)))}</Groups>
      </p>
    );
  }
  const digits = value?.replace("-", "") ?? leading ?? "";
  return (
    <p className={styles.number}>
      {sign < 0 && "−"}
      {digits.slice(0, 1)}.{digits.slice(1, shownDigits)}
      <span className={styles.ellipsis}>…</span>{" "}
      <span className={styles.power}>
        × 10<sup>{formatShort(digitCount - 1n)}</sup>
      </span>
    </p>
  );
}
