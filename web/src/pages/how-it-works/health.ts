import type { Part } from "@pisano-dev/client";
import type { SystemStatus } from "../../api/systemStatus";
import type { Connection } from "../../live/events";
import { formatCount, formatInteger } from "../../numbers/format";
import type { PartName } from "./parts";

/** How a part is, as far as the page can tell. */
export interface PartHealth {
  state: "ok" | "away" | "unknown";
  /** The same in a few words, with a number where there is one. */
  words: string;
  /** What does the work, if that is known. */
  software?: string | undefined;
}

export type SystemHealth = Record<PartName, PartHealth>;

/** Tells how each part is. What is behind one that is away can't be known. */
export function healthOf(status: SystemStatus | undefined, connection: Connection): SystemHealth {
  function behind(name: Part["name"]): PartHealth {
    const part = status?.parts.find((part) => part.name === name);
    const health = part !== undefined && status?.answeredBy === "api" ? healthIn(part) : unknown;
    return { ...health, software: part?.software };
  }
  return {
    browser: browsers[connection],
    frontDoor: { ...doorHealth(status), software: status?.frontDoor },
    api: { ...behind("api"), ...(isSilent(status) && silent) },
    indexStore: behind("indexStore"),
    workQueue: behind("workQueue"),
    worker: behind("worker"),
    valueCache: behind("valueCache"),
  };
}

const works: PartHealth = { state: "ok", words: "Works" };
const away: PartHealth = { state: "away", words: "Away" };
const silent: PartHealth = { state: "away", words: "Does not answer" };
const unknown: PartHealth = { state: "unknown", words: "Not known" };

const browsers: Record<Connection, PartHealth> = {
  connecting: { state: "unknown", words: "Connecting" },
  live: { state: "ok", words: "Live" },
  lost: { state: "away", words: "Not live" },
};

function doorHealth(status: SystemStatus | undefined): PartHealth {
  switch (status?.answeredBy) {
    case undefined:
      return unknown;
    case "none":
      return silent;
    default:
      return works;
  }
}

/** Whether it is the API that does not answer, and not only something before it. */
function isSilent(status: SystemStatus | undefined): boolean {
  return (
    status?.answeredBy === "frontDoor" || (status?.answeredBy === "none" && status.frontDoor === "Pisano")
  );
}

function healthIn({ name, status, waiting, count }: Part): PartHealth {
  if (status === "unavailable") {
    // A queue that is away can't tell of its workers; they may well be there.
    return name === "worker" && count === undefined ? unknown : away;
  }
  if (name === "workQueue" && waiting) {
    return { ...works, words: `Works, ${formatInteger(waiting)} in it` };
  }
  if (name === "worker" && count) {
    return { ...works, words: `Works, ${formatCount(count, "worker")}` };
  }
  return works;
}

/** Whether everything behind the browser is one program with one file, if that is known. */
export function isEmbedded({ parts }: SystemStatus): boolean | undefined {
  return parts.length === 0 ? undefined : parts.some(({ software }) => software === "SQLite");
}
