import { describe, expect, test } from "vitest";
import { fibonacci } from "../test/samples";
import { maxOwnModulus, pisanoPeriod, remainders } from "./pisano";

/** OEIS A001175 and A001177, from m = 1 on. */
const periods = [
  1, 3, 8, 6, 20, 24, 16, 12, 24, 60, 10, 24, 28, 48, 40, 24, 36, 24, 18, 60, 16, 30, 48, 24, 100, 84, 72, 48,
  14, 120,
];
const ranks = [
  1, 3, 4, 6, 5, 12, 8, 6, 12, 15, 10, 12, 7, 24, 20, 12, 9, 12, 18, 30, 8, 30, 24, 12, 25, 21, 36, 24, 14,
  60,
];

describe("pisanoPeriod", () => {
  test("agrees with the sequences of the OEIS", () => {
    const found = periods.map((_, i) => pisanoPeriod(i + 1));
    expect(found.map(({ period }) => Number(period))).toEqual(periods);
    expect(found.map(({ rank }) => Number(rank))).toEqual(ranks);
  });

  test("has the prime powers of the modulus with their periods", () => {
    expect(pisanoPeriod(1_000)).toEqual({
      period: 1_500n,
      rank: 750n,
      factors: [
        { prime: 2n, exponent: 3, period: 12n },
        { prime: 5n, exponent: 3, period: 500n },
      ],
    });
    expect(pisanoPeriod(97).factors).toEqual([{ prime: 97n, exponent: 1, period: 196n }]);
    expect(pisanoPeriod(1).factors).toEqual([]);
  });

  test("works up to its bound", () => {
    expect(pisanoPeriod(maxOwnModulus)).toMatchObject({ period: 150_000n, rank: 75_000n });
  });
});

describe("remainders", () => {
  const modulo = (m: number, last: number) =>
    Array.from({ length: last + 1 }, (_, n) => Number(fibonacci(n) % BigInt(m)));

  test.each([1, 2, 10, 89, 97])("are those modulo %i, to the end of the period", (m) => {
    expect(remainders(m, 1_000)).toEqual(modulo(m, Number(pisanoPeriod(m).period)));
  });

  test("end at the limit", () => {
    expect(remainders(10, 5)).toEqual([0, 1, 1, 2, 3, 5]);
  });

  test("are exact for the largest modulus", () => {
    expect(remainders(Number.MAX_SAFE_INTEGER, 200)).toEqual(modulo(Number.MAX_SAFE_INTEGER, 200));
  });
});
