import { expect, test } from "vitest";
import { countEvents, noRates, ratesLength } from "./rates";

const events = (...kinds: ("seen" | "progress" | "calculated" | "failed")[]) =>
  kinds.map((kind) => ({ kind }));

test("countEvents counts submissions and values by the second in which they arrive", () => {
  let rates = countEvents(noRates(100), 100, events("seen", "seen", "progress", "calculated"));
  rates = countEvents(rates, 100, events("seen"));
  rates = countEvents(rates, 102, events("calculated"));
  expect(rates.submitted.slice(-3)).toEqual([3, 0, 0]);
  expect(rates.calculated.slice(-3)).toEqual([1, 0, 1]);
  expect(rates.submitted).toHaveLength(ratesLength);
});

test("countEvents forgets what is older than a minute, also after a long pause", () => {
  const busy = countEvents(noRates(100), 100, events("seen"));
  expect(countEvents(busy, 159).submitted[0]).toBe(1);
  expect(countEvents(busy, 160)).toEqual(noRates(160));
  expect(countEvents(busy, 99_999)).toEqual(noRates(99_999));
});

test("countEvents keeps its second when the clock is set back", () => {
  const rates = countEvents(noRates(100), 40, events("seen"));
  expect(rates.second).toBe(100);
  expect(rates.submitted.at(-1)).toBe(1);
});
