import type { ReactNode } from "react";
import type { CalculatedValue } from "../../api/values";
import { formatDuration, formatInteger, formatTime, minus } from "../../numbers/format";
import { CopyDigits } from "./CopyDigits";
import styles from "./NumberFacts.module.css";

/** Values up to this length are shown whole, longer ones by their ends. */
const wholeDigits = 120;
const endDigits = 50;

/** What is known of a value at a glance: what it is like, how it begins and ends. */
export function NumberFacts({ value: calculated }: { value: CalculatedValue }) {
  const { sign, digitCount, value, calculatedAt, durationMs } = calculated;
  const whole = digitCount <= wholeDigits ? value : undefined;
  const { leading, trailing } = endsOf(calculated);
  return (
    <div className={styles.facts}>
      <dl className={styles.row}>
        <Fact name="Digits">{formatInteger(digitCount)}</Fact>
        <Fact name="Sign">{sign < 0 ? "Negative" : sign > 0 ? "Positive" : "None, it is zero"}</Fact>
        <Fact name="Parity">{Number(trailing.at(-1)) % 2 === 0 ? "Even" : "Odd"}</Fact>
        <Fact name="Calculated in">{formatDuration(durationMs)}</Fact>
        <Fact name="Calculated on">{formatTime(calculatedAt)}</Fact>
      </dl>
      <dl className={styles.ends}>
        {whole !== undefined ? (
          <Digits name="The number" digits={whole} />
        ) : (
          <>
            <Digits name={`First ${endDigits} digits`} digits={(sign < 0 ? "-" : "") + leading} />
            <Digits name={`Last ${endDigits} digits`} digits={trailing} />
          </>
        )}
      </dl>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Digits({ name, digits }: { name: string; digits: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span className={styles.digits}>{minus(digits)}</span>
        <CopyDigits digits={digits} name={name.toLowerCase()} />
      </dd>
    </div>
  );
}

/** The API sends a value that is not too long as a whole, and else its ends. */
function endsOf({ value, leading = "", trailing = "" }: CalculatedValue) {
  if (value === undefined) {
    return { leading, trailing };
  }
  const digits = value.replace("-", "");
  return { leading: digits.slice(0, endDigits), trailing: digits.slice(-endDigits) };
}
