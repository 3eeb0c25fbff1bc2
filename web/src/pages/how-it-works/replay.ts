import { formatTerm } from "../../numbers/format";
import { formatMicros } from "./micros";
import type { Trace } from "./traces";
import { workerName } from "./workerName";

/** A moment of a trace, in microseconds since the submission. */
export interface Moment {
  at: number;
  text: string;
}

/** The moments of a trace that has ended, in order. */
export function momentsOf({ index, own, stops, ended = 0, failed }: Trace): Moment[] {
  const term = formatTerm(index);
  return [
    { at: 0, text: `${term} is submitted ${own ? "on this page" : "elsewhere"} and recorded.` },
    ...stops.map(({ worker, delivery, claimed }, i) => ({
      at: claimed,
      text: `Worker ${workerName(worker)} takes it${i > 0 && delivery > 1 ? `, in delivery ${delivery} of at most 5` : ""}.`,
    })),
    {
      at: ended,
      text: failed
        ? "It has failed, and every open page is told."
        : "Its value is stored, and every open page is told.",
    },
  ];
}

/** How long a replay lasts. Within that time, the slowest calculation and the quickest can be followed. */
export const replayMs = 6_000;

/** How the time of a replay compares with the real one. */
export function describePace(trace: Trace): string {
  const { ended = 0 } = trace;
  const factor = (replayMs * 1_000) / Math.max(1, ended);
  const real = `In reality it took ${formatMicros(ended)}`;
  if (factor >= 1.5) {
    return `${real}: this is ${rounded(factor)} times slower.`;
  }
  return factor < 0.67 ? `${real}: this is ${rounded(1 / factor)} times faster.` : `${real}.`;
}

/** A factor with two significant digits. */
function rounded(factor: number): string {
  return Number(factor.toPrecision(2)).toLocaleString("en");
}
