import type { ReactNode } from "react";
import type { NumberFacts as Facts, Primality } from "../../api/facts";
import type { CalculatedValue } from "../../api/values";
import { digitEnds, endDigits, maxWholeDigits } from "../../numbers/digitEnds";
import { formatInteger, minus } from "../../numbers/format";
import { TermLink } from "../../ui/TermLink";
import { CopyButton } from "../../ui/ValueButtons";
import { Why } from "../../ui/Why";
import styles from "./NumberFacts.module.css";
import { Remainder } from "./Remainder";
import { Zeckendorf } from "./Zeckendorf";

interface NumberFactsProps {
  index: number;
  /** Undefined while it is not calculated. */
  value: CalculatedValue | undefined;
  /** Undefined if they could not be loaded. */
  facts: Facts | undefined;
}

/** The properties of a number, and both ends of a long one. Its digits need not be calculated for that. */
export function NumberFacts({ index, value, facts }: NumberFactsProps) {
  const number = value ?? facts?.number;
  if (number === undefined) {
    return undefined;
  }
  const digitCount = Number(number.digitCount);
  const { leading, trailing } = digitEnds({ ...number, digitCount });
  return (
    <div className={styles.facts}>
      <dl className={styles.row}>
        <Fact name="Digits">{formatInteger(BigInt(number.digitCount))}</Fact>
        <Fact name="Sign">{number.sign < 0 ? "Negative" : number.sign > 0 ? "Positive" : "Zero"}</Fact>
        <Fact name="Parity">{Number(trailing.at(-1)) % 2 === 0 ? "Even" : "Odd"}</Fact>
        {facts !== undefined && <PrimeFact primality={facts.number.primality} index={index} />}
        {facts !== undefined && facts.smallPrimeFactors.length > 0 && (
          <Fact name="Prime factors below 1,000">
            {facts.smallPrimeFactors.map(formatInteger).join(", ")}
          </Fact>
        )}
        {facts?.lucas.value !== undefined && facts.lucas.value.length <= maxLucas && (
          <Fact name="Lucas number">{minus(formatInteger(BigInt(facts.lucas.value)))}</Fact>
        )}
      </dl>
      {digitCount > maxWholeDigits && (
        <dl className={styles.ends}>
          <Digits name={`First ${endDigits} digits`} digits={(number.sign < 0 ? "-" : "") + leading} />
          <Digits name={`Last ${endDigits} digits`} digits={trailing} />
        </dl>
      )}
      <Zeckendorf index={index} />
      <Remainder index={index} />
    </div>
  );
}

/** A longer Lucas number is not shown. */
const maxLucas = 20;

const verdicts: Record<Primality["verdict"], string> = {
  prime: "Yes",
  probablePrime: "Probably",
  composite: "No",
  neither: "Neither",
  unknown: "Unknown",
};

function PrimeFact({ primality, index }: { primality: Primality; index: number }) {
  const { verdict, divisor, reason } = primality;
  const divides = divisor === undefined ? undefined : Number(divisor);
  return (
    <Fact name="Prime">
      {verdicts[verdict]}
      {divides !== undefined && Number.isSafeInteger(divides) && divides !== Math.abs(index) && (
        <span className={styles.why}>
          {" "}
          <TermLink index={divides} /> divides it
        </span>
      )}
      <Why of="Prime">{reason}</Why>
    </Fact>
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
        <span className={styles.digits} data-digits>
          {minus(digits)}
        </span>
        <CopyButton text={digits} name={name.toLowerCase()} compact />
      </dd>
    </div>
  );
}
