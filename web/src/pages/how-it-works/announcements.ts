import type { IndexEvent } from "../../live/events";
import { formatTerm } from "../../numbers/format";
import { describeEvent } from "./activity";
import type { SystemHealth } from "./health";
import { partNames, parts } from "./parts";

/** The announcement of calculations that have finished: the last one, and how many there were. */
export function announceEvents(events: IndexEvent[]): string | undefined {
  const final = events.filter(({ kind }) => kind === "calculated" || kind === "failed");
  const last = final.at(-1);
  if (last === undefined) {
    return undefined;
  }
  const sentence = `${formatTerm(last.index)} ${describeEvent(last)}`;
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
