import type { Part, Recovery } from "@pisano-dev/client";
import type { SystemStatus } from "../../api/systemStatus";
import type { Connection } from "../../live/events";
import { formatCount, formatInteger } from "../../numbers/format";
import type { PartName } from "./parts";

/** The health of a part, as far as the page knows it. */
export interface PartHealth {
  state: "ok" | "down" | "unknown";
  /** The same in words, with a number where there is one. */
  text: string;
  /** The software behind the part, if known. */
  software?: string | undefined;
}

export type SystemHealth = Record<PartName, PartHealth>;

/** Returns the health of each part. That of a part behind one that is down is unknown. */
export function healthOf(status: SystemStatus | undefined, connection: Connection): SystemHealth {
  function reported(name: Part["name"]): PartHealth {
    const part = status?.parts.find((part) => part.name === name);
    const health = part !== undefined && status?.answeredBy === "api" ? healthOfPart(part) : unknown;
    return { ...health, software: part?.software };
  }
  return {
    browser: browserHealth[connection],
    frontDoor: { ...frontDoorHealth(status), software: status?.frontDoor },
    api: { ...reported("api"), ...(isApiDown(status) && notResponding) },
    indexStore: reported("indexStore"),
    workQueue: reported("workQueue"),
    worker: reported("worker"),
    valueCache: withRecovery(reported("valueCache"), status?.recovery),
  };
}

const working: PartHealth = { state: "ok", text: "Working" };
const unavailable: PartHealth = { state: "down", text: "Unavailable" };
const notResponding: PartHealth = { state: "down", text: "Not responding" };
const unknown: PartHealth = { state: "unknown", text: "Unknown" };

const browserHealth: Record<Connection, PartHealth> = {
  connecting: { state: "unknown", text: "Connecting" },
  live: { state: "ok", text: "Connected" },
  lost: { state: "down", text: "Disconnected" },
};

function frontDoorHealth(status: SystemStatus | undefined): PartHealth {
  switch (status?.answeredBy) {
    case undefined:
      return unknown;
    case "none":
      return notResponding;
    default:
      return working;
  }
}

/** Reports whether the API itself does not respond. If nothing responds, that is known where it is its own front door. */
function isApiDown(status: SystemStatus | undefined): boolean {
  return (
    status?.answeredBy === "frontDoor" || (status?.answeredBy === "none" && status.frontDoor === "Pisano")
  );
}

function healthOfPart({ name, status, waiting, count }: Part): PartHealth {
  if (status === "unavailable") {
    // Without the registry of workers their number is unknown; they may be alive.
    return name === "worker" && count === undefined ? unknown : unavailable;
  }
  if (name === "workQueue" && waiting) {
    return { ...working, text: `Working, ${formatInteger(waiting)} to calculate` };
  }
  if (name === "worker" && count) {
    return { ...working, text: `Working, ${formatCount(count, "worker")}` };
  }
  return working;
}

/** The largest number of lost values that the API counts. */
const maxLost = 10_000;

/** Adds to the health of a working cache what of it is still to be recovered. */
function withRecovery(health: PartHealth, recovery: Recovery | undefined): PartHealth {
  if (health.state !== "ok" || !recovery?.lost) {
    return health;
  }
  const values = `${recovery.lost >= maxLost ? "at least " : ""}${formatCount(recovery.lost, "lost value")}`;
  const text =
    recovery.mode === "eager" ? `Working, recovering ${values}` : `Working, ${values} to recover on request`;
  return { ...health, text };
}

/** Reports whether everything behind the browser is one program with one file, if known. */
export function isEmbedded({ parts }: SystemStatus): boolean | undefined {
  return parts.length === 0 ? undefined : parts.some(({ software }) => software === "SQLite");
}
