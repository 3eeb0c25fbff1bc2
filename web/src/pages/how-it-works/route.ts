import type { IndexEvent } from "../../live/events";
import type { PartName } from "./parts";

/** An index on its way through the picture. */
export interface Token {
  index: number;
  /** The parts that it passes, as far as is known by now. */
  route: PartName[];
  /** How many of them it has left behind. */
  at: number;
}

/** More at a time would be a crowd: the others are not drawn. */
const maxTokens = 8;

/** Sends an index where an event says that it has come. */
export function applyEvent(tokens: Token[], { index, kind }: IndexEvent): Token[] {
  const known = tokens.find((token) => token.index === index);
  const route = nextParts(known?.route ?? [], kind);
  if (known !== undefined) {
    return tokens.map((token) => (token === known ? { ...known, route: [...known.route, ...route] } : token));
  }
  const room = tokens.length < maxTokens ? tokens : tokens.filter(isMoving);
  return route.length > 0 && room.length < maxTokens ? [...room, { index, route, at: 0 }] : room;
}

/**
 * It is seen to be in the queue only once a worker has it: an index whose value
 * is there already never comes there.
 */
function nextParts(route: PartName[], kind: IndexEvent["kind"]): PartName[] {
  if (kind === "seen") {
    return route.length === 0 ? ["browser", "frontDoor", "api", "indexStore"] : [];
  }
  const toWorker: PartName[] = route.includes("worker")
    ? []
    : route.length === 0
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
export function arrive(tokens: Token[], index: number): Token[] {
  return tokens
    .map((token) => (token.index === index ? { ...token, at: token.at + 1 } : token))
    .filter((token) => isMoving(token) || token.route.at(-1) !== "browser");
}

export function isMoving({ route, at }: Token): boolean {
  return at < route.length - 1;
}

/** The parts that have an index in hand: those it is leaving, and the worker while it calculates. */
export function busyParts(tokens: Token[]): Set<PartName> {
  const parts = new Set<PartName>();
  for (const token of tokens) {
    const part = token.route[token.at];
    if (part !== undefined && (isMoving(token) || part === "worker")) {
      parts.add(part);
    }
  }
  return parts;
}
