import { firstTerms } from "../../numbers/firstTerms";
import { formatInteger, formatTerm, superscript } from "../../numbers/format";
import type { Index } from "../../numbers/largeIndex";
import type { PeriodFactor, PisanoPeriod } from "../../numbers/pisano";
import { remainder } from "../../numbers/remainder";

/** Something known of a modulus: in symbols, in a sentence, and why it is so. */
export interface Fact {
  name: string;
  formula: string;
  sentence: string;
  why: string;
}

const list = new Intl.ListFormat("en-GB");

/** Says what is known of the Fibonacci numbers modulo m. */
export function describePeriod(m: Index, known: PisanoPeriod): Fact[] {
  return m === 1
    ? [describeOne]
    : [describeRepetition(m, known), describeRank(m, known), describeFactors(m, known)];
}

const describeOne: Fact = {
  name: "Pisano period",
  formula: "π(1) = α(1) = 1",
  sentence: "1 divides every number, so every remainder is 0, and the line stays at its point.",
  why: "A remainder is less than what one divides by. Less than 1 there is only 0.",
};

function describeRepetition(m: Index, { period }: PisanoPeriod): Fact {
  const [modulus, steps] = [formatInteger(m), formatInteger(period)];
  return {
    name: "Pisano period",
    formula: `π(${modulus}) = ${steps}`,
    sentence: `The remainders repeat after ${steps} steps. That is the Pisano period of ${modulus}.`,
    why: `Two neighbouring remainders decide all that follow. There are only ${modulus} × ${modulus} pairs, so one must come again. They decide all that came before as well, so the first pair to come again is the one at the start: 0, 1.`,
  };
}

function describeRank(m: Index, { period, rank }: PisanoPeriod): Fact {
  const [modulus, index] = [formatInteger(m), formatInteger(rank)];
  const rounds = Number(period / rank);
  const next = formatInteger(remainder(rank + 1n, BigInt(m)));
  const start =
    rounds === 1
      ? `After F(${index}) the remainder is 1, as after F(0), so the whole period is one round.`
      : `The remainder after it is ${next}. From there on the remainders are those of the start, each times ${next}.`;
  const rest =
    rounds === 1
      ? ""
      : ` After ${rounds} such rounds the line is back at 0, 1, so π(${modulus}) = ${rounds} × ${index}.`;
  return {
    name: "Rank of apparition",
    formula: `α(${modulus}) = ${index}`,
    sentence: `${describeTerm(rank)} is the first number after F(0) that ${modulus} divides. From then on it divides every ${ordinal(rank)}.`,
    why: `${start}${rest} There are always 1, 2 or 4 rounds.`,
  };
}

function describeFactors(m: Index, { period, factors }: PisanoPeriod): Fact {
  const modulus = formatInteger(m);
  const [first] = factors;
  if (factors.length > 1 || first === undefined) {
    return describeProduct(m, period, factors);
  }
  const { prime, exponent } = first;
  return exponent > 1
    ? {
        name: "Factors",
        formula: `π(${powerOf(first)}) = ${formatInteger(period)}`,
        sentence: `${modulus} is ${powerOf(first)}, a power of a prime. ${growth(first)}`,
        why: wallSunSun,
      }
    : {
        name: "Factors",
        formula: primeFormula(prime),
        sentence: `${modulus} is prime. ${boundOfPrime(prime)}`,
        why: "What counts is whether 5 is a square modulo the prime. It is for primes that end in 1 or 9: there π(p) divides p − 1. For those that end in 3 or 7 it is not, and π(p) divides 2(p + 1). 2 and 5 stand alone.",
      };
}

function describeProduct(m: Index, period: bigint, factors: PeriodFactor[]): Fact {
  const modulus = formatInteger(m);
  const powers = factors.map(powerOf);
  const grown = factors.find(({ exponent }) => exponent > 1);
  return {
    name: "Factors",
    formula: `π(${modulus}) = lcm(${factors.map((factor) => formatInteger(factor.period)).join("; ")})`,
    sentence: `${modulus} = ${powers.join(" × ")}. The periods of these factors are ${list.format(factors.map((factor) => formatInteger(factor.period)))}, and their least common multiple is ${formatInteger(period)}.`,
    why: `The remainders modulo ${modulus} repeat as soon as those modulo ${list.format(powers)} all do, by the Chinese remainder theorem.${grown === undefined ? "" : ` ${growth(grown)} ${wallSunSun}`}`,
  };
}

const wallSunSun =
  "Each further factor p makes the period p times as long. No prime is known for which it does not, and no proof that there is none; it would be a Wall–Sun–Sun prime.";

/** π(2³) = 2² × π(2) = 4 × 3 = 12. */
function growth(factor: PeriodFactor): string {
  const { prime, exponent, period } = factor;
  const times = prime ** BigInt(exponent - 1);
  const p = formatInteger(prime);
  const power = exponent === 2 ? p : `${p}${superscript(exponent - 1)}`;
  const value = exponent === 2 ? "" : ` = ${formatInteger(times)} × ${formatInteger(period / times)}`;
  return `π(${powerOf(factor)}) = ${power} × π(${p})${value} = ${formatInteger(period)}.`;
}

function primeFormula(prime: bigint): string {
  const p = formatInteger(prime);
  const bound = boundIn(prime);
  return bound === undefined
    ? `π(${p}) = ${prime === 2n ? 3 : 20}`
    : `π(${p}) divides ${formatInteger(bound)}`;
}

function boundOfPrime(prime: bigint): string {
  const p = formatInteger(prime);
  const bound = boundIn(prime);
  if (bound === undefined) {
    return "Its period follows no rule of other primes.";
  }
  const formula = bound < prime ? `${p} − 1` : `2 × (${p} + 1)`;
  // Non-breaking spaces keep the formula on one line if it fits.
  return `Its period divides ${`${formula} = ${formatInteger(bound)}`.replaceAll(" ", "\u00a0")}.`;
}

/** What the period of a prime divides. */
function boundIn(prime: bigint): bigint | undefined {
  if (prime === 2n || prime === 5n) {
    return undefined;
  }
  return prime % 5n === 1n || prime % 5n === 4n ? prime - 1n : 2n * (prime + 1n);
}

function powerOf({ prime, exponent }: PeriodFactor): string {
  return `${formatInteger(prime)}${exponent === 1 ? "" : superscript(exponent)}`;
}

const rules = new Intl.PluralRules("en", { type: "ordinal" });
const endings: Partial<Record<Intl.LDMLPluralRule, string>> = { one: "st", two: "nd", few: "rd" };

/** 15 as "15th". */
function ordinal(n: bigint): string {
  return `${formatInteger(n)}${endings[rules.select(Number(n % 100n))] ?? "th"}`;
}

/** "F(24) = 46,368", and "F(1,000)" for what is too long for a sentence. */
export function describeTerm(n: Index): string {
  const value = firstTerms[Number(n)];
  return `${formatTerm(n)}${value === undefined ? "" : ` = ${formatInteger(value)}`}`;
}
