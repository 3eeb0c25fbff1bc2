/** A prime power of a modulus, with its own Pisano period. */
export interface PeriodFactor {
  prime: bigint;
  exponent: number;
  period: bigint;
}

/** What is known of the Fibonacci numbers modulo a number. */
export interface PisanoPeriod {
  /** π(m): after how many steps the remainders repeat. */
  period: bigint;
  /** α(m), the rank of apparition: the first n after 0 for which m divides F(n). */
  rank: bigint;
  /** The prime powers of the modulus in ascending order. None of 1. */
  factors: PeriodFactor[];
}

/** Up to here a period is found faster by adding up than by a request: it has at most 6m steps. */
export const maxOwnModulus = 100_000;

/** Returns F(0), F(1) and so on modulo m, to where the period begins again, but at most to F(last). */
export function remainders(m: number, last: number): number[] {
  const found = [0];
  let [a, b] = [0, 1 % m];
  do {
    [a, b] = [b, addModulo(a, b, m)];
    found.push(a);
  } while (found.length <= last && !(a === 0 && b === 1 % m));
  return found;
}

/** a + b modulo m without a sum of more than 53 bits. */
function addModulo(a: number, b: number, m: number): number {
  return a >= m - b ? a - (m - b) : a + b;
}

/** Finds the period and the rank of m, up to maxOwnModulus, by their definitions. */
export function pisanoPeriod(m: number): PisanoPeriod {
  return {
    ...cycleOf(m),
    factors: primePowers(m).map(({ prime, exponent }) => ({
      prime: BigInt(prime),
      exponent,
      period: cycleOf(prime ** exponent).period,
    })),
  };
}

function cycleOf(m: number): { period: bigint; rank: bigint } {
  let [a, b, n, rank] = [0, 1 % m, 0, 0];
  do {
    [a, b] = [b, addModulo(a, b, m)];
    n++;
    if (rank === 0 && a === 0) {
      rank = n;
    }
  } while (!(a === 0 && b === 1 % m));
  return { period: BigInt(n), rank: BigInt(rank) };
}

function primePowers(m: number): { prime: number; exponent: number }[] {
  const powers: { prime: number; exponent: number }[] = [];
  let rest = m;
  for (let prime = 2; rest > 1; prime++) {
    if (prime * prime > rest) {
      prime = rest;
    }
    let exponent = 0;
    for (; rest % prime === 0; rest /= prime) {
      exponent++;
    }
    if (exponent > 0) {
      powers.push({ prime, exponent });
    }
  }
  return powers;
}
