import { formatCount, formatTerm } from "../../numbers/format";
import { type Activity, describeEntry, type OwnedEvent } from "./activity";
import type { SystemHealth } from "./health";
import { partNames, parts } from "./parts";
import { workerName } from "./workerName";

/** The announcement of calculations that have finished: the last one, and how many there were. */
export function announceEvents(events: OwnedEvent[]): string | undefined {
  const final = events.filter(({ kind }) => kind === "calculated" || kind === "failed");
  const last = final.at(-1);
  if (last === undefined) {
    return undefined;
  }
  const sentence = `${formatTerm(last.index)} ${describeEntry(last)}`;
  return final.length === 1 ? sentence : `${final.length} calculations have finished. ${sentence}`;
}

/** The announcement of parts whose health has changed. Learning it for the first time is no change. */
export function announceHealth(before: SystemHealth, after: SystemHealth): string | undefined {
  if (before.frontDoor.state === "unknown") {
    return undefined;
  }
  const changed = partNames.filter((name) => before[name].state !== after[name].state);
  if (changed.length === 0) {
    return undefined;
  }
  return changed.map((name) => `${parts[name].title}: ${after[name].text}.`).join(" ");
}

/** The announcement of indices that have gone to another worker since: the last one, and how many there were. */
export function announceTakeovers(
  before: Activity["takeovers"],
  { count, last }: Activity["takeovers"],
): string | undefined {
  const more = count - before.count;
  if (last === undefined || more <= 0) {
    return undefined;
  }
  const sentence = `${formatTerm(last.index)} ${describeEntry(last)}`;
  return more === 1 ? sentence : `${formatCount(more, "calculation")} had to start again. ${sentence}`;
}

/** The announcement of workers that are no longer listed, by their names. */
export function announceGone([gone, ...others]: string[]): string | undefined {
  if (gone === undefined) {
    return undefined;
  }
  return others.length === 0
    ? `Worker ${workerName(gone)} is gone.`
    : `${others.length + 1} workers are gone.`;
}
