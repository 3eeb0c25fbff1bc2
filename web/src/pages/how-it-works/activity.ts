import type { IndexEvent } from "../../live/events";
import { formatProgress, formatTerm } from "../../numbers/format";
import type { PartName } from "./parts";

/** What a part did last. */
export interface Action {
  text: string;
  at: string;
}

/** What has happened since the page was opened. */
export interface Activity {
  latest: Partial<Record<PartName, Action>>;
  /** The latest events, newest first; of a calculation's progress the last, until it ends. */
  log: IndexEvent[];
}

export const noActivity: Activity = { latest: {}, log: [] };

const logLength = 8;

/** Adds an event to what has happened. */
export function recordEvent({ latest, log }: Activity, event: IndexEvent): Activity {
  const actions = { ...latest };
  for (const [part, text] of Object.entries(actionsFor(event)) as [PartName, string][]) {
    // What is told again, as with each progress, happened when it was first told.
    if (actions[part]?.text !== text) {
      actions[part] = { text, at: event.at };
    }
  }
  // How far a calculation was is of no interest once it is further.
  const others = log.filter((other) => !(other.kind === "progress" && other.index === event.index));
  return { latest: actions, log: [event, ...others].slice(0, logLength) };
}

/** What an event says that the parts did. */
function actionsFor({ kind, index, progress = 0 }: IndexEvent): Partial<Record<PartName, string>> {
  const term = formatTerm(index);
  switch (kind) {
    case "seen":
      return {
        browser: `Heard that ${term} was submitted`,
        frontDoor: `Passed ${term} on`,
        api: `Accepted ${term}`,
        indexStore: `Wrote ${term} down`,
      };
    case "progress":
      return {
        browser: `Heard how far ${term} is`,
        workQueue: `Gave ${term} to a worker`,
        worker: `Calculates ${term}: ${formatProgress(progress)} done`,
      };
    case "calculated":
      return {
        browser: `Heard that ${term} is there`,
        frontDoor: `Passed on the news of ${term}`,
        api: `Told all pages of ${term}`,
        indexStore: `Marked ${term} as calculated`,
        workQueue: `Gave ${term} to a worker`,
        worker: `Calculated and checked ${term}`,
        valueCache: `Put ${term} in store`,
      };
    case "failed":
      return {
        browser: `Heard that ${term} failed`,
        frontDoor: `Passed on the news of ${term}`,
        api: `Told all pages of ${term}`,
        indexStore: `Wrote down why ${term} failed`,
        workQueue: `Gave ${term} to a worker`,
        worker: `Gave ${term} up`,
      };
  }
}

/** What happened to the index of an event, as the end of a sentence that begins with it. */
export function describeEvent({ kind, progress = 0, reason }: IndexEvent): string {
  switch (kind) {
    case "seen":
      return "was submitted";
    case "progress":
      return `is being calculated, ${formatProgress(progress)} done`;
    case "calculated":
      return "is calculated";
    case "failed":
      return reason === undefined ? "failed" : `failed: ${reason}`;
  }
}
