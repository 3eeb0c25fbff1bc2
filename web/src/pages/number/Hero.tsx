import { Fragment } from "react";
import { maxWholeDigits } from "../../numbers/digitEnds";
import { formatInteger, formatShort, minus } from "../../numbers/format";
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

/** The number of a page: whole in groups of three, or its first digits and the power of ten. */
export function Hero({ known }: { known: KnownDigits | undefined }) {
  if (known === undefined) {
    return <p className={styles.number} data-length="medium" data-loading />;
  }
  const { sign, digitCount, value, leading } = known;
  if (value !== undefined && digitCount <= maxWholeDigits) {
    const [first, ...groups] = minus(formatInteger(BigInt(value))).split(",");
    return (
      <p className={styles.number} data-digits data-length={lengthOf(Number(digitCount))}>
        {first}
        {groups.map((group, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a group has no other identity.
          <Fragment key={i}>
            ,<wbr />
            {group}
          </Fragment>
        ))}
      </p>
    );
  }
  const digits = value?.replace("-", "") ?? leading ?? "";
  return (
    <p className={styles.number} data-length="medium">
      {sign < 0 && "−"}
      {digits.slice(0, 1)}.{digits.slice(1, shownDigits)}
      <span className={styles.ellipsis}>…</span>{" "}
      <span className={styles.power}>
        × 10<sup>{formatShort(digitCount - 1n)}</sup>
      </span>
    </p>
  );
}

function lengthOf(digitCount: number): "short" | "medium" | "long" {
  return digitCount <= 12 ? "short" : digitCount <= 45 ? "medium" : "long";
}
