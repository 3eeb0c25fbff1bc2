import { expect, test } from "vitest";
import { pisanoPeriod } from "../../numbers/pisano";
import { describePeriod } from "./describePeriod";

const facts = (m: number) => describePeriod(m, pisanoPeriod(m));

test("the period is a sentence with its reason", () => {
  const [period] = facts(10);
  expect(period?.formula).toBe("π(10) = 60");
  expect(period?.sentence).toBe("The remainders repeat after 60 steps. That is the Pisano period of 10.");
  expect(period?.why).toContain("There are only 10 × 10 pairs");
});

test.each([
  [
    10,
    "α(10) = 15",
    "F(15) = 610 is the first number after F(0) that 10 divides.",
    "each times 7. After 4 such rounds",
  ],
  [
    8,
    "α(8) = 6",
    "F(6) = 8 is the first",
    "each times 5. After 2 such rounds the line is back at 0, 1, so π(8) = 2 × 6.",
  ],
  [11, "α(11) = 10", "From then on it divides every 10th.", "so the whole period is one round."],
  [1_000, "α(1,000) = 750", "F(750) is the first", "each times 749. After 2 such rounds"],
  [21, "α(21) = 8", "it divides every 8th.", "each times 13."],
])("the rank of %i is explained by its rounds", (m, formula, sentence, why) => {
  const [, rank] = facts(m);
  expect(rank?.formula).toBe(formula);
  expect(rank?.sentence).toContain(sentence);
  expect(rank?.why).toContain(why);
});

test.each([
  [
    10,
    "π(10) = lcm(3; 20)",
    "10 = 2 × 5. The periods of these factors are 3 and 20, and their least common multiple is 60.",
  ],
  [30, "π(30) = lcm(3; 8; 20)", "The periods of these factors are 3, 8 and 20"],
  [8, "π(2³) = 12", "8 is 2³, a power of a prime. π(2³) = 2² × π(2) = 4 × 3 = 12."],
  [25, "π(5²) = 100", "π(5²) = 5 × π(5) = 100."],
  [
    97,
    "π(97) divides 196",
    "97 is prime. Its period divides 2\u00a0×\u00a0(97\u00a0+\u00a01)\u00a0=\u00a0196.",
  ],
  [89, "π(89) divides 88", "89 is prime. Its period divides 89\u00a0−\u00a01\u00a0=\u00a088."],
  [5, "π(5) = 20", "5 is prime. Its period follows no rule of other primes."],
])("the period of %i is derived from its factors", (m, formula, sentence) => {
  const factors = facts(m)[2];
  expect(factors?.formula).toBe(formula);
  expect(factors?.sentence).toContain(sentence);
});

test("the periods of primes divide what is said of them", () => {
  for (let m = 2; m < 500; m++) {
    const [, , factors] = facts(m);
    const [, bound] = / divides ([\d,]+)$/.exec(factors?.formula ?? "") ?? [];
    if (bound !== undefined) {
      expect(Number(bound.replaceAll(",", "")) % Number(pisanoPeriod(m).period), `m = ${m}`).toBe(0);
    }
  }
});

test("a rank beyond 2^53 is exact", () => {
  const [, rank] = describePeriod(10n ** 20n, {
    period: 15n * 10n ** 19n,
    rank: 75n * 10n ** 18n,
    factors: [
      { prime: 2n, exponent: 20, period: 3n * 2n ** 19n },
      { prime: 5n, exponent: 20, period: 4n * 5n ** 20n },
    ],
  });
  expect(rank?.formula).toBe("α(100,000,000,000,000,000,000) = 75,000,000,000,000,000,000");
  expect(rank?.sentence).toContain("F(75 × 10^18) is the first number after F(0)");
  expect(rank?.why).toContain("each times 50,000,000,000,000,000,001. After 2 such rounds");
});

test("1 has a sentence of its own", () => {
  expect(facts(1).map(({ formula }) => formula)).toEqual(["π(1) = α(1) = 1"]);
});
