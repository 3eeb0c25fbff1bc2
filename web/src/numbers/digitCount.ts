const phi = (1 + Math.sqrt(5)) / 2;
const log10SquareRoot5 = Math.log10(5) / 2;

/** log₁₀ of the golden ratio: the digits that each step of the index adds. */
export const digitsPerStep = Math.log10(phi);

/**
 * How many digits F(n) has, without calculating it, for n from 1 to 10^8: F(n) is the integer next to φⁿ/√5.
 * Floating point is exact enough as long as no F(n) is so near to a power of ten, and none is.
 */
export function digitCountOf(n: number): number {
  return n === 1 ? 1 : Math.floor(lengthOf(n)) + 1;
}

/** log₁₀ of φⁿ/√5. */
export function lengthOf(n: number): number {
  return n * digitsPerStep - log10SquareRoot5;
}
