import type { IndexEvent } from "../../live/events";
import type { OwnedEvent } from "./activity";
import type { PartName } from "./parts";

/** An index that moves through the diagram. */
export interface Token {
  index: number;
  /** The parts on its route, as far as it is known. */
  route: PartName[];
  /** The position on the route. */
  at: number;
  /** How often the index was delivered to a worker, if known. */
  delivery?: number | undefined;
}

/** Further tokens are not drawn: they would only crowd the diagram. */
const maxTokens = 8;

/**
 * Extends the route of an index by the parts that an event implies. It begins in the browser if this one has
 * submitted the index, and else at the front door: nothing is known of who has. An index that is delivered once
 * more goes through the queue again.
 */
export function applyEvent(tokens: Token[], { index, kind, delivery, own = false }: OwnedEvent): Token[] {
  const known = tokens.find((token) => token.index === index);
  const isAgain = delivery !== undefined && known?.delivery !== undefined && delivery > known.delivery;
  const again: PartName[] = isAgain ? ["workQueue", "worker"] : [];
  const next = [...again, ...nextParts(known?.route ?? [], kind, own)];
  if (known !== undefined) {
    const moved = { ...known, route: [...known.route, ...next], delivery: delivery ?? known.delivery };
    return tokens.map((token) => (token === known ? moved : token));
  }
  // Tokens at rest make room for new ones.
  const others = tokens.length < maxTokens ? tokens : tokens.filter(isMoving);
  return next.length > 0 && others.length < maxTokens
    ? [...others, { index, route: next, at: 0, delivery }]
    : others;
}

/**
 * A submitted index is drawn in the queue only once a worker has it, because an
 * index that has its value is never queued.
 */
function nextParts(route: PartName[], kind: IndexEvent["kind"], isOwn: boolean): PartName[] {
  if (kind === "seen") {
    const inside: PartName[] = ["frontDoor", "api", "indexStore"];
    return route.length > 0 ? [] : isOwn ? ["browser", ...inside] : inside;
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

/** Moves an index to the next part of its route. Back in the browser, the route ends. */
export function arrive(tokens: Token[], index: number): Token[] {
  return tokens
    .map((token) => (token.index === index ? { ...token, at: token.at + 1 } : token))
    .filter((token) => isMoving(token) || token.route.at(-1) !== "browser");
}

export function isMoving({ route, at }: Token): boolean {
  return at < route.length - 1;
}

/** The parts that handle an index: those that one is leaving, and the worker while it calculates. */
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
