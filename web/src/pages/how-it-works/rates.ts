import type { IndexEvent } from "../../live/events";

/** How many events of two kinds arrived in each of the last seconds, the current one last. */
export interface Rates {
  /** The current second, since 1970. */
  second: number;
  submitted: readonly number[];
  calculated: readonly number[];
}

/** The length of the rates in seconds. */
export const ratesLength = 60;

export function noRates(second: number): Rates {
  const none = new Array<number>(ratesLength).fill(0);
  return { second, submitted: none, calculated: none };
}

/** The rates at a later second, with the events that arrived then. */
export function countEvents(rates: Rates, second: number, events: Pick<IndexEvent, "kind">[] = []): Rates {
  const passed = Math.min(Math.max(0, second - rates.second), ratesLength);
  const next = (counts: readonly number[], kind: IndexEvent["kind"]) => {
    const shifted = [...counts.slice(passed), ...new Array<number>(passed).fill(0)];
    const count = events.filter((event) => event.kind === kind).length;
    return shifted.map((n, i) => (i === ratesLength - 1 ? n + count : n));
  };
  return {
    second: Math.max(second, rates.second),
    submitted: next(rates.submitted, "seen"),
    calculated: next(rates.calculated, "calculated"),
  };
}
