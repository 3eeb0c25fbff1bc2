import type { IndexEvent } from "../../live/events";
import type { PartName } from "./parts";

/** An index on its way through the picture. */
export interface Traveller {
  index: number;
  /** The parts that it passes, as far as is known by now. */
  stops: PartName[];
  /** How many of them it has left behind. */
  at: number;
}

/** More at a time would be a crowd: the others are not drawn. */
const mostTravellers = 8;

/** Sends an index where an event says that it has come. */
export function follow(travellers: Traveller[], { index, kind }: IndexEvent): Traveller[] {
  const known = travellers.find((traveller) => traveller.index === index);
  const stops = nextStops(known?.stops ?? [], kind);
  if (known !== undefined) {
    return travellers.map((traveller) =>
      traveller === known ? { ...known, stops: [...known.stops, ...stops] } : traveller,
    );
  }
  const room = travellers.length < mostTravellers ? travellers : travellers.filter(isMoving);
  return stops.length > 0 && room.length < mostTravellers ? [...room, { index, stops, at: 0 }] : room;
}

/**
 * It is seen to be in the queue only once a worker has it: an index whose value
 * is there already never comes there.
 */
function nextStops(stops: PartName[], kind: IndexEvent["kind"]): PartName[] {
  if (kind === "seen") {
    return stops.length === 0 ? ["browser", "frontDoor", "api", "indexStore"] : [];
  }
  const toWorker: PartName[] = stops.includes("worker")
    ? []
    : stops.length === 0
      ? ["workQueue", "worker"]
      : ["api", "workQueue", "worker"];
  switch (kind) {
    case "progress":
      return toWorker;
    case "calculated":
      return [...toWorker, "valueCache", "api", "frontDoor", "browser"];
    case "failed":
      return [...toWorker, "indexStore", "api", "frontDoor", "browser"];
  }
}

/** Lets an index be at its next stop; back in the browser its journey ends. */
export function arrive(travellers: Traveller[], index: number): Traveller[] {
  return travellers
    .map((traveller) => (traveller.index === index ? { ...traveller, at: traveller.at + 1 } : traveller))
    .filter((traveller) => isMoving(traveller) || traveller.stops.at(-1) !== "browser");
}

export function isMoving({ stops, at }: Traveller): boolean {
  return at < stops.length - 1;
}

/** The parts that have an index in hand: those it is leaving, and the worker while it calculates. */
export function partsAtWork(travellers: Traveller[]): Set<PartName> {
  const parts = new Set<PartName>();
  for (const traveller of travellers) {
    const part = traveller.stops[traveller.at];
    if (part !== undefined && (isMoving(traveller) || part === "worker")) {
      parts.add(part);
    }
  }
  return parts;
}
