import type { IndexEvent } from "../../live/events";
import { formatProgress, formatTerm } from "../../numbers/format";
import { shortValue } from "../../numbers/shortValue";
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
        browser: `Showed that ${term} was submitted`,
        frontDoor: `Forwarded ${term}`,
        api: `Accepted ${term}`,
        indexStore: `Recorded ${term}`,
      };
    case "progress":
      return {
        browser: `Showed the progress of ${term}`,
        workQueue: queued,
        worker: `Calculating ${term}: ${formatProgress(progress)} done`,
      };
    case "calculated":
      return {
        browser: `Showed that ${term} is ready`,
        frontDoor: `Forwarded the result for ${term}`,
        api: `Told every open page that ${term} is ready`,
        indexStore: `Marked ${term} as calculated`,
        workQueue: queued,
        worker: `Calculated and checked ${term}`,
        valueCache: `Stored ${term}`,
      };
    case "failed":
      return {
        browser: `Showed that ${term} failed`,
        frontDoor: `Forwarded the failure of ${term}`,
        api: `Told every open page that ${term} failed`,
        indexStore: `Recorded why ${term} failed`,
        workQueue: queued,
        worker: `Could not calculate ${term}`,
      };
  }
}

/** Describes an event in what follows the name of its number: "is 55." after "F(10)". */
export function describeEvent({ kind, index, progress = 0, reason }: IndexEvent): string {
  switch (kind) {
    case "seen":
      return "was submitted.";
    case "progress":
      return `is being calculated, ${formatProgress(progress)} done.`;
    case "calculated":
      return `is ${shortValue(index) ?? "ready"}.`;
    case "failed":
      return reason === undefined ? "could not be calculated." : `could not be calculated. ${reason}`;
  }
}
