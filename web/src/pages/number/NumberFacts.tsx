import type { ReactNode } from "react";
import type { NumberFacts as Facts, Primality } from "../../api/facts";
import type { CalculatedValue } from "../../api/values";
import { digitEnds, endDigits, maxWholeDigits } from "../../numbers/digitEnds";
import { formatInteger, formatShort, formatSize, minus } from "../../numbers/format";
import type { Index } from "../../numbers/largeIndex";
import { TermLink } from "../../ui/TermLink";
import { usePrinting } from "../../ui/usePrinting";
import { CopyButton } from "../../ui/ValueButtons";
import { Why } from "../../ui/Why";
import styles from "./NumberFacts.module.css";
import { Remainder } from "./Remainder";
import {
  whyDigits,
  whyFactors,
  whyLeading,
  whyLucas,
  whyParity,
  whyPrime,
  whySign,
  whyTrailing,
} from "./reasons";
import { Zeckendorf } from "./Zeckendorf";

interface NumberFactsProps {
  index: Index;
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
  const digitCount = Number(number.digitCount); // infinite, if it has more than 308 digits itself
  const { leading, trailing } = digitEnds({ ...number, digitCount });
  return (
    <div className={styles.facts}>
      <dl className={styles.row}>
        <Fact name="Digits" why={whyDigits(index)}>
          {formatSize(BigInt(number.digitCount))}
        </Fact>
        <Fact name="Sign" why={whySign(index)}>
          {number.sign < 0 ? "Negative" : number.sign > 0 ? "Positive" : "Zero"}
        </Fact>
        <Fact name="Parity" why={whyParity(index)}>
          {Number(trailing.at(-1)) % 2 === 0 ? "Even" : "Odd"}
        </Fact>
        {facts !== undefined && <PrimeFact primality={facts.number.primality} index={index} />}
        {facts !== undefined && facts.smallPrimeFactors.length > 0 && (
          <Fact name="Prime factors below 1,000" why={whyFactors(index, facts.smallPrimeFactors)}>
            {index === 0 ? "All" : facts.smallPrimeFactors.map(formatInteger).join(", ")}
          </Fact>
        )}
        {facts?.lucas.value !== undefined && facts.lucas.value.length <= maxLucas && (
          <Fact name="Lucas number" why={whyLucas(Number(index))}>
            {minus(formatInteger(BigInt(facts.lucas.value)))}
          </Fact>
        )}
      </dl>
      {digitCount > maxWholeDigits && (
        <dl className={styles.ends}>
          <LongInteger name="Index" value={BigInt(index)} />
          <LongInteger name="Exact number of digits" value={BigInt(number.digitCount)} />
          <Digits
            name={`First ${endDigits} digits`}
            digits={(number.sign < 0 ? "-" : "") + leading}
            why={whyLeading(index)}
          />
          <Digits name={`Last ${endDigits} digits`} digits={trailing} why={whyTrailing(index)} />
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

function PrimeFact({ primality, index }: { primality: Primality; index: Index }) {
  const { verdict, divisor } = primality;
  return (
    <Fact name="Prime" why={whyPrime(index, primality)}>
      {verdicts[verdict]}
      {divisor !== undefined && (
        <span className={styles.divisor}>
          {" "}
          <TermLink index={BigInt(divisor)} /> divides it
        </span>
      )}
    </Fact>
  );
}

interface FactProps {
  name: string;
  why: string | undefined;
  children: ReactNode;
}

function Fact({ name, why, children }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={styles.value}>{children}</dd>
      <Reason of={name} why={why} />
    </div>
  );
}

/** An integer that is shortened everywhere else, to be copied. */
function LongInteger({ name, value }: { name: string; value: bigint }) {
  // Whole on paper, and where there is no button that copies it.
  const isWhole = usePrinting() || !("clipboard" in navigator);
  const [short, whole] = [formatShort(value), formatInteger(value)];
  return short !== whole && <Digits name={name} digits={String(value)} shown={isWhole ? whole : short} />;
}

interface DigitsProps {
  name: string;
  /** What is copied. */
  digits: string;
  shown?: string;
  why?: string;
}

function Digits({ name, digits, shown = minus(digits), why }: DigitsProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={styles.end}>
        <span className={styles.digits} data-digits>
          {shown}
        </span>
        <CopyButton text={digits} name={name.toLowerCase()} compact />
      </dd>
      <Reason of={name} why={why} />
    </div>
  );
}

function Reason({ of, why }: { of: string; why: string | undefined }) {
  return (
    why !== undefined && (
      <dd className={styles.reason}>
        <Why of={of}>{why}</Why>
      </dd>
    )
  );
}
