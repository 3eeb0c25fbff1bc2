import type { IndexEvent } from "../../live/events";
import { formatTerm } from "../../numbers/format";
import { describeEvent } from "./activity";
import type { SystemHealth } from "./health";
import { partNames, parts } from "./parts";

/** The sentence for those who listen: what has come to an end, in short where it is much. */
export function announceEvents(events: IndexEvent[]): string | undefined {
  const final = events.filter(({ kind }) => kind === "calculated" || kind === "failed");
  const last = final.at(-1);
  if (last === undefined) {
    return undefined;
  }
  const sentence = `${formatTerm(last.index)} ${describeEvent(last)}.`;
  return final.length === 1 ? sentence : `${final.length} numbers have come to an end. ${sentence}`;
}

/** The sentence about parts that are not as they were, once that was known. */
export function announceHealth(before: SystemHealth, after: SystemHealth): string | undefined {
  if (before.frontDoor.state === "unknown") {
    return undefined;
  }
  const changed = partNames.filter((name) => before[name].state !== after[name].state);
  if (changed.length === 0) {
    return undefined;
  }
  return changed.map((name) => `${parts[name].title}: ${after[name].words}.`).join(" ");
}
