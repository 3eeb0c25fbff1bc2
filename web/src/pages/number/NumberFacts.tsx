import type { ReactNode } from "react";
import type { CalculatedValue } from "../../api/values";
import { digitEnds, endDigits, maxWholeDigits } from "../../numbers/digitEnds";
import { formatDuration, formatInteger, formatTime, minus } from "../../numbers/format";
import { CopyButton } from "../../ui/ValueButtons";
import styles from "./NumberFacts.module.css";

/** The properties of a value, and its digits if they are few, else its ends. */
export function NumberFacts({ value: calculated }: { value: CalculatedValue }) {
  const { sign, digitCount, value, calculatedAt, durationMs } = calculated;
  const whole = digitCount <= maxWholeDigits ? value : undefined;
  const { leading, trailing } = digitEnds(calculated);
  return (
    <div className={styles.facts}>
      <dl className={styles.row}>
        <Fact name="Digits">{formatInteger(digitCount)}</Fact>
        <Fact name="Sign">{sign < 0 ? "Negative" : sign > 0 ? "Positive" : "Zero"}</Fact>
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
        <CopyButton text={digits} name={name.toLowerCase()} compact />
      </dd>
    </div>
  );
}
