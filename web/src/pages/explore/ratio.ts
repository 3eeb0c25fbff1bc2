/** Decimals in the arithmetic, far more than the last ratio shares with the golden ratio. */
const decimals = 60;
const one = 10n ** BigInt(decimals);
/** The golden ratio, (1 + √5) / 2, in units of the last decimal. */
const phi = (one + squareRoot(5n * one * one)) / 2n;

/** How close F(n+1)/F(n) is to the golden ratio. */
export interface Ratio {
  n: number;
  /** The ratio in decimals, truncated. */
  text: string;
  /** The decimal logarithm of its distance from the golden ratio. */
  log10Distance: number;
  /** Whether the ratio is greater than the golden ratio. */
  above: boolean;
}

/**
 * The ratios of consecutive terms, F(0) being the first. In floating point they would all be equal from
 * the 40th on, so the arithmetic is on integers throughout.
 */
export function ratiosOf(terms: readonly bigint[]): Ratio[] {
  const ratios: Ratio[] = [];
  for (const [n, value] of terms.entries()) {
    const next = terms[n + 1];
    if (next !== undefined && value > 0n) {
      const ratio = (next * one) / value;
      const distance = ratio > phi ? ratio - phi : phi - ratio;
      ratios.push({
        n,
        text: decimal(ratio),
        log10Distance: Math.log10(Number(distance)) - decimals,
        above: ratio > phi,
      });
    }
  }
  return ratios;
}

/** How many decimals a ratio shares with the golden ratio. */
export function sharedDecimals({ text }: Ratio): number {
  const golden = decimal(phi);
  let shared = 0;
  while (shared < text.length && text[shared] === golden[shared]) {
    shared++;
  }
  return Math.max(0, shared - "1.".length);
}

function decimal(x: bigint): string {
  const shown = 45;
  const digits = (x / 10n ** BigInt(decimals - shown)).toString().padStart(shown + 1, "0");
  return `${digits.slice(0, -shown)}.${digits.slice(-shown)}`;
}

/** The integer part of a square root, by Newton's method from above. */
function squareRoot(x: bigint): bigint {
  let root = 1n << BigInt(Math.ceil(x.toString(2).length / 2));
  for (;;) {
    const next = (root + x / root) / 2n;
    if (next >= root) {
      return root;
    }
    root = next;
  }
}
