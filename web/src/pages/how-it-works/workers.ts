import type { LiveWorker } from "@pisano-dev/client";
import type { Claim } from "./activity";

/** A worker as the page shows it. */
export interface WorkerRow {
  name: string;
  /** The indices whose last reported claim is the worker's. One that is gone keeps them until another takes them. */
  indices: number[];
  /** How long ago it gave its last sign of life, in seconds. */
  silent: number;
  /** Fine, overdue with its sign of life, no longer listed, or unknown while the API does not answer. */
  state: "alive" | "missed" | "gone" | "unknown";
}

/** Workers announce themselves every 2.5 seconds, and the status is up to a second old. */
const overdueSeconds = 5;
/** How long a worker that is no longer listed stays on the page. */
const goneSeconds = 60;

/** Workers as last listed, and when that was, in milliseconds. */
export type Listed = ReadonlyMap<string, { worker: LiveWorker; at: number }>;

/** Adds a list of the workers that are alive to those that were listed before. */
export function listWorkers(before: Listed, workers: LiveWorker[], at: number): Listed {
  const listed = new Map(
    [...before].filter(([, { worker, at: then }]) => silence(worker, then, at) < goneSeconds),
  );
  for (const worker of workers) {
    listed.set(worker.name, { worker, at });
  }
  return listed;
}

/** The names of the workers that are no longer listed. Without a list nothing is known of them. */
export function goneWorkers(before: LiveWorker[] | undefined, after: LiveWorker[] | undefined): string[] {
  if (before === undefined || after === undefined) {
    return [];
  }
  const listed = new Set(after.map(({ name }) => name));
  return before.map(({ name }) => name).filter((name) => !listed.has(name));
}

/**
 * The rows of workers, at a time in milliseconds: those that are listed, and those that no longer are. The list is
 * current if the API answered the last request for it.
 */
export function workerRows(
  listed: Listed,
  claims: ReadonlyMap<number, Claim>,
  now: number,
  isCurrent: boolean,
): WorkerRow[] {
  const latest = Math.max(...[...listed.values()].map(({ at }) => at));
  return [...listed.values()].map(({ worker, at }) => {
    const silent = silence(worker, at, now);
    const gone = at < latest;
    return {
      name: worker.name,
      indices: [...claims].filter(([, claim]) => claim.worker === worker.name).map(([index]) => index),
      silent,
      state: gone ? "gone" : !isCurrent ? "unknown" : silent > overdueSeconds ? "missed" : "alive",
    };
  });
}

function silence({ silentSeconds }: LiveWorker, at: number, now: number): number {
  return silentSeconds + Math.max(0, now - at) / 1_000;
}
