import type { Primality } from "../../api/facts";
import { lengthOf } from "../../numbers/digitCount";
import { formatInteger, formatShort, formatTerm } from "../../numbers/format";
import type { Index } from "../../numbers/largeIndex";
import { pisanoPeriod } from "../../numbers/pisano";
import { smallTerm } from "../../numbers/shortValue";

/** Why F(index) is positive, negative or zero. */
export function whySign(index: Index): string {
  if (index === 0) {
    return "The sequence begins with F(0) = 0 and F(1) = 1.";
  }
  if (index > 0) {
    return "F(1) and F(2) are 1, and each later number is the sum of two positive ones.";
  }
  const parity = BigInt(index) % 2n === 0n ? "even" : "odd";
  return `To the left of F(0), each number is the second to its right less the first, so signs alternate: F(−n) is F(n) for odd n, and −F(n) for even n. ${sizeOf(index)} is ${parity}.`;
}

/** Why F(index) is even or odd. */
export function whyParity(index: Index): string {
  const left = BigInt(index) % 3n;
  const size = sizeOf(index);
  const rest =
    left === 0n ? `3 divides ${size}.` : `divided by 3, ${size} leaves ${left < 0n ? -left : left}.`;
  return `The sequence repeats even, odd, odd. So F(n) is even exactly when 3 divides n: ${rest}`;
}

/** Why F(index) has so many digits. */
export function whyDigits(index: Index): string | undefined {
  const size = Math.abs(Number(index));
  if (size < 2) {
    return undefined; // The formula holds from F(2) on.
  }
  const here =
    size <= maxShownLength ? `For n = ${sizeOf(index)} that is ⌊${cut(lengthOf(size))}…⌋ + 1.` : "";
  return `${digitsOfSize(index)}F(n) is the integer nearest to φⁿ/√5, so it has ⌊n · log₁₀ φ − log₁₀ √5⌋ + 1 digits, one more about every 4.785 steps. ${here}`.trimEnd();
}

/** Beyond, two decimals of the length are more than floating point has for sure. */
const maxShownLength = 1e12;

/** Two decimals, not rounded, as the whole part counts. */
function cut(x: number): string {
  const hundredths = Math.floor(x * 100);
  return `${formatInteger(Math.floor(hundredths / 100))}.${String(hundredths % 100).padStart(2, "0")}`;
}

/** Why F(index) is prime or not. */
export function whyPrime(index: Index, { reason, divisor }: Primality): string {
  return divisor === undefined
    ? reason
    : `F(d) divides F(n) whenever d divides n, and ${formatShort(BigInt(divisor))} divides ${sizeOf(index)}.`;
}

/** Why these primes, the largest of them in particular, divide F(index). */
export function whyFactors(index: Index, primes: readonly number[]): string {
  if (index === 0) {
    return "0 is a multiple of every number.";
  }
  const largest = primes.at(-1) ?? 2;
  const { rank } = pisanoPeriod(largest);
  const multiple =
    BigInt(index) === rank || BigInt(index) === -rank ? "" : `, and ${rank} divides ${sizeOf(index)}`;
  return `A prime divides F(n) exactly when n is a multiple of its rank, the first index after 0 whose number it divides. ${largest} first divides F(${rank})${multiple}.`;
}

/** Why L(index) is what it is, for a short one. */
export function whyLucas(index: number): string | undefined {
  const [before, after] = [smallTerm(index - 1), smallTerm(index + 1)];
  return before === undefined || after === undefined
    ? undefined
    : `L(n) is the sum of both neighbours of F(n): ${formatTerm(index - 1)} + ${formatTerm(index + 1)} = ${formatInteger(before)} + ${inBrackets(after)}.`;
}

/** A summand, with its sign apart from the plus sign. */
function inBrackets(n: bigint): string {
  return n < 0n ? `(${formatInteger(n)})` : formatInteger(n);
}

/** Why the first digits of F(index) are known. */
export function whyLeading(index: Index): string {
  return `${digitsOfSize(index)}F(n) is so near to φⁿ/√5 that both begin alike: with the digits of 10^x, where x is what follows the decimal point of n · log₁₀ φ − log₁₀ √5.`;
}

function digitsOfSize(index: Index): string {
  return index < 0 ? "F(−n) has the digits of F(n). " : "";
}

/** Why the last digits are known. */
export function whyTrailing(index: Index): string {
  return `${digitsOfSize(index)}The last 50 digits of F(n) are its remainder modulo 10^50. F(2k) = F(k) · (2F(k+1) − F(k)) and F(2k+1) = F(k)² + F(k+1)² hold for remainders too, so n is reached by doubling, without the other digits. The remainders repeat: modulo 10 after 60 steps, modulo 100 after 300, modulo 10^50 after 15 · 10^49.`;
}

/** The index without its sign, as part of a sentence. */
function sizeOf(index: Index): string {
  return formatShort(index < 0 ? -index : index);
}
