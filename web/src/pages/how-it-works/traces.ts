import type { OwnedEvent } from "./activity";
import { parseMicros } from "./micros";

/** One delivery of an index, in microseconds since its submission. */
export interface Stop {
  worker: string;
  delivery: number;
  claimed: number;
}

/** The path of an index from its submission to its end, with the times that the events tell. */
export interface Trace {
  index: number;
  own: boolean;
  /** In microseconds since 1970. */
  submittedAt: number;
  stops: Stop[];
  /** In microseconds since the submission; undefined while it lasts. */
  ended?: number;
  failed?: boolean;
}

export interface Traces {
  /** Those that last, by index. */
  open: ReadonlyMap<number, Trace>;
  /** Those that have ended, the latest first. */
  ended: readonly Trace[];
  /** The latest times from a submission until a worker took the index, in microseconds. */
  waits: readonly number[];
}

export const noTraces: Traces = { open: new Map(), ended: [], waits: [] };

/** A submission is announced after it is made, within this time in microseconds. A worker may have the index before. */
const announcedWithin = 1_000_000;
const maxOpen = 1_000;
const maxEnded = 20;
const maxWaits = 500;

/**
 * Follows indices through their events. Not followed are those whose submission was not seen, and those for
 * which the clock of the worker differs so much from that of the API that it took them before.
 */
export function followEvents(before: Traces, events: OwnedEvent[]): Traces {
  const open = new Map(before.open);
  const ended: Trace[] = [];
  const waits: number[] = [];
  for (const event of events) {
    const trace = open.get(event.index);
    if (event.kind === "seen") {
      // Submitted again before it is calculated, it is still the first submission that is waited for.
      if (trace === undefined) {
        open.set(event.index, begin(event));
      }
      continue;
    }
    if (trace === undefined) {
      continue;
    }
    const followed = withStop(trace, event);
    if (trace.stops.length === 0) {
      waits.push(...(followed?.stops.map(({ claimed }) => claimed) ?? []));
    }
    if (followed === undefined) {
      open.delete(event.index);
    } else if (event.kind === "progress") {
      open.set(event.index, followed);
    } else {
      open.delete(event.index);
      ended.push({
        ...followed,
        ended: Math.max(0, parseMicros(event.at) - trace.submittedAt),
        failed: event.kind === "failed",
      });
    }
  }
  return {
    open: new Map([...open].slice(-maxOpen)),
    ended: [...ended.reverse(), ...before.ended].slice(0, maxEnded),
    waits: [...before.waits, ...waits].slice(-maxWaits),
  };
}

function begin({ index, at, own = false }: OwnedEvent): Trace {
  return { index, own, submittedAt: parseMicros(at), stops: [] };
}

/** The trace with the delivery of an event, or undefined if its times cannot be right. */
function withStop(trace: Trace, { worker, delivery, claimedAt, at }: OwnedEvent): Trace | undefined {
  if (worker === undefined || delivery === undefined || claimedAt === undefined) {
    return undefined;
  }
  const since = parseMicros(claimedAt) - trace.submittedAt;
  if (since < -announcedWithin) {
    return undefined;
  }
  const claimed = Math.max(0, since);
  const last = trace.stops.at(-1);
  if (claimed < (last?.claimed ?? 0) || parseMicros(at) < parseMicros(claimedAt)) {
    return undefined;
  }
  return last?.claimed === claimed && last.worker === worker
    ? trace
    : { ...trace, stops: [...trace.stops, { worker, delivery, claimed }] };
}

/** The least of the numbers that a share of them does not exceed; undefined if there is none. */
export function percentile(numbers: readonly number[], share: number): number | undefined {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
