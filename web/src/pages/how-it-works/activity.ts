import type { IndexEvent } from "../../live/events";
import { formatProgress, formatTerm } from "../../numbers/format";
import type { PartName } from "./parts";

/** The latest action of a part. */
export interface Action {
  text: string;
  at: string;
}

/** What has happened since the page was opened. */
export interface Activity {
  latest: Partial<Record<PartName, Action>>;
  /** The latest events, newest first. Of the progress of a calculation only the last, and none once it has ended. */
  log: IndexEvent[];
}

export const noActivity: Activity = { latest: {}, log: [] };

const maxLogLength = 8;

/** Adds an event to the activity. */
export function recordEvent({ latest, log }: Activity, event: IndexEvent): Activity {
  const actions = { ...latest };
  for (const [part, text] of Object.entries(actionsFor(event)) as [PartName, string][]) {
    // An action reported again, as by each event of progress, keeps its time.
    if (actions[part]?.text !== text) {
      actions[part] = { text, at: event.at };
    }
  }
  // Later events of a calculation supersede its progress.
  const others = log.filter((other) => !(other.kind === "progress" && other.index === event.index));
  return { latest: actions, log: [event, ...others].slice(0, maxLogLength) };
}

/** The actions of the parts that an event implies. */
function actionsFor({ kind, index, progress = 0 }: IndexEvent): Partial<Record<PartName, string>> {
  const term = formatTerm(index);
  const queued = `Handed ${term} to a worker`;
  switch (kind) {
    case "seen":
      return {
        browser: `Learned that ${term} was submitted`,
        frontDoor: `Forwarded ${term}`,
        api: `Accepted ${term}`,
        indexStore: `Recorded ${term}`,
      };
    case "progress":
      return {
        browser: `Learned of the progress of ${term}`,
        workQueue: queued,
        worker: `Calculating ${term}: ${formatProgress(progress)} done`,
      };
    case "calculated":
      return {
        browser: `Learned that ${term} is ready`,
        frontDoor: `Forwarded the event of ${term}`,
        api: `Announced ${term} to every page`,
        indexStore: `Marked ${term} as calculated`,
        workQueue: queued,
        worker: `Calculated and checked ${term}`,
        valueCache: `Stored ${term}`,
      };
    case "failed":
      return {
        browser: `Learned that ${term} failed`,
        frontDoor: `Forwarded the event of ${term}`,
        api: `Announced the failure of ${term}`,
        indexStore: `Recorded why ${term} failed`,
        workQueue: queued,
        worker: `Gave up on ${term}`,
      };
  }
}

/** Describes an event in a sentence that begins with the name of its number. */
export function describeEvent({ kind, progress = 0, reason }: IndexEvent): string {
  switch (kind) {
    case "seen":
      return "was submitted";
    case "progress":
      return `is being calculated, ${formatProgress(progress)} done`;
    case "calculated":
      return "is ready";
    case "failed":
      return reason === undefined ? "failed" : `failed: ${reason}`;
  }
}
