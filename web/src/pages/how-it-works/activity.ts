import type { IndexEvent } from "../../live/events";
import { formatProgress, formatTerm } from "../../numbers/format";
import { shortValue } from "../../numbers/shortValue";
import type { PartName } from "./parts";
import { workerName } from "./workerName";

/** An event, and whether it is that of a submission of this page. */
export interface OwnedEvent extends IndexEvent {
  own?: boolean;
}

/** The latest action of a part. */
export interface Action {
  text: string;
  at: string;
}

/** The delivery of an index to a worker, as far as it is known. */
export interface Claim {
  worker?: string | undefined;
  delivery?: number | undefined;
}

/** A line of the log about an index: an event, or that another worker has it now. */
interface IndexEntry extends Omit<OwnedEvent, "kind"> {
  kind: IndexEvent["kind"] | "takenOver";
  /** With `takenOver`: the delivery before, if it was seen. */
  before?: Claim | undefined;
}

/** A line of the log about a worker: it is no longer listed. */
interface WorkerEntry {
  kind: "gone";
  worker: string;
  at: string;
}

export type LogEntry = IndexEntry | WorkerEntry;

/** What has happened since the page was opened. */
export interface Activity {
  latest: Partial<Record<PartName, Action>>;
  /** The latest entries, newest first. Of the progress of a calculation only the last, and none once it has ended. */
  log: LogEntry[];
  /** The claims of the indices that workers have. */
  claims: ReadonlyMap<number, Claim>;
  /** How many indices have gone to another worker, or to the same one once more, and the last of them. */
  takeovers: { count: number; last?: IndexEntry };
}

export const noActivity: Activity = { latest: {}, log: [], claims: new Map(), takeovers: { count: 0 } };

const maxLogLength = 8;

/** Adds events to the activity. */
export function recordEvents(before: Activity, events: OwnedEvent[]): Activity {
  const claims = new Map(before.claims);
  let { latest, log, takeovers } = before;
  for (const event of events) {
    const claim = claims.get(event.index);
    const takenOver = takeover(event, claim);
    const isNews = claim === undefined || takenOver !== undefined;
    latest = withActions(latest, event, isNews);
    if (takenOver !== undefined) {
      takeovers = { count: takeovers.count + 1, last: takenOver };
    }
    // Later events of a calculation supersede its progress.
    log = log.filter((other) => !(other.kind === "progress" && other.index === event.index));
    log = [event, ...(takenOver === undefined ? [] : [takenOver]), ...log].slice(0, maxLogLength);
    if (event.kind === "progress") {
      claims.set(event.index, { worker: event.worker, delivery: event.delivery });
    } else if (event.kind !== "seen") {
      claims.delete(event.index);
    }
  }
  return { latest, log, claims, takeovers };
}

/** Adds workers that are no longer listed. */
export function recordGone(before: Activity, workers: string[], at: string): Activity {
  const entries = workers.map((worker) => ({ kind: "gone" as const, worker, at }));
  return { ...before, log: [...entries, ...before.log].slice(0, maxLogLength) };
}

/** Forgets which calculations last: when events are missed, so may be their end. */
export function withoutUnfinished(activity: Activity): Activity {
  return { ...activity, log: activity.log.filter(({ kind }) => kind !== "progress"), claims: new Map() };
}

/** The entry for an index that another worker has now, or the same one once more. */
function takeover(event: IndexEvent, before: Claim | undefined): IndexEntry | undefined {
  const { delivery, worker } = event;
  if (delivery === undefined) {
    return undefined;
  }
  const changed =
    before === undefined ? delivery > 1 : before.delivery !== delivery || before.worker !== worker;
  return changed ? { ...event, kind: "takenOver", before } : undefined;
}

function withActions(
  latest: Activity["latest"],
  event: IndexEvent,
  isNews: boolean,
): Partial<Record<PartName, Action>> {
  const actions = { ...latest };
  for (const [part, text] of Object.entries(actionsFor(event)) as [PartName, string][]) {
    // An index is handed over once, however often its progress is reported.
    if (part === "workQueue" && !isNews) {
      continue;
    }
    // An action reported again, as by each event of progress, keeps its time.
    if (actions[part]?.text !== text) {
      actions[part] = { text, at: event.at };
    }
  }
  return actions;
}

/** The actions of the parts that an event implies. */
function actionsFor({
  kind,
  index,
  progress = 0,
  delivery = 1,
}: IndexEvent): Partial<Record<PartName, string>> {
  const term = formatTerm(index);
  const queued = delivery > 1 ? `Handed ${term} over once more` : `Handed ${term} to a worker`;
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

/** Describes an entry in what follows the name of its number or worker: "is 55." after "F(10)". */
export function describeEntry(entry: LogEntry): string {
  switch (entry.kind) {
    case "seen":
      return entry.own ? "was submitted on this page." : "was submitted elsewhere.";
    case "takenOver":
      return describeTakeover(entry);
    case "progress":
      return `is being calculated, ${formatProgress(entry.progress ?? 0)} done.`;
    case "calculated":
      return `is ${shortValue(entry.index) ?? "ready"}.`;
    case "failed":
      return `could not be calculated.${entry.reason === undefined ? "" : ` ${entry.reason}`}`;
    case "gone":
      return "is gone.";
  }
}

/** A lease expires if its worker dies, hangs or fails. A task that is handed back is delivered with the same number. */
function describeTakeover({ worker = "", delivery = 1, before }: IndexEntry): string {
  if (before?.worker === worker) {
    return `is tried again by worker ${workerName(worker)}, for the ${ordinal(delivery)} time.`;
  }
  const former = before?.worker === undefined ? "the worker before" : `worker ${workerName(before.worker)}`;
  return before?.delivery === undefined || delivery > before.delivery
    ? `goes to worker ${workerName(worker)}, because the lease of ${former} has expired.`
    : `goes to worker ${workerName(worker)}, because ${former} handed it back.`;
}

function ordinal(n: number): string {
  return ["", "1st", "2nd", "3rd"][n] ?? `${n}th`;
}
