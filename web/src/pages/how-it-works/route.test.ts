import { expect, test } from "vitest";
import type { IndexEvent } from "../../live/events";
import { indexEvent } from "../../test/samples";
import type { OwnedEvent } from "./activity";
import { links } from "./parts";
import { applyEvent, arrive, busyParts, isMoving, type Token } from "./route";

const event = (kind: IndexEvent["kind"], index = 10, changes: Partial<OwnedEvent> = {}): OwnedEvent => ({
  ...indexEvent(kind, index),
  ...changes,
});

/** Moves all tokens to the end of their routes. */
function settle(tokens: Token[]): Token[] {
  const moving = tokens.find(isMoving);
  return moving === undefined ? tokens : settle(arrive(tokens, moving.index));
}

test("applyEvent sends a submitted index to the index store, and on only once a worker has it", () => {
  const recorded = settle(applyEvent([], event("seen", 10, { own: true })));
  expect(recorded).toEqual([{ index: 10, route: ["browser", "frontDoor", "api", "indexStore"], at: 3 }]);
  const [token] = applyEvent(recorded, event("progress"));
  expect(token?.route.slice(3)).toEqual(["indexStore", "api", "workQueue", "worker"]);
});

test("applyEvent starts outside the browser what another has submitted", () => {
  expect(applyEvent([], event("seen"))[0]?.route).toEqual(["frontDoor", "api", "indexStore"]);
});

test("applyEvent moves nothing on further progress", () => {
  const working = applyEvent(applyEvent([], event("seen")), event("progress"));
  expect(applyEvent(working, event("progress"))).toEqual(working);
});

test("applyEvent sends an index through the queue again when it is delivered once more", () => {
  const delivered = (delivery: number) => event("progress", 10, { delivery });
  const working = settle(applyEvent([], delivered(1)));
  expect(applyEvent(working, delivered(1))).toEqual(working);
  expect(applyEvent(working, delivered(2))[0]?.route).toEqual(["workQueue", "worker", "workQueue", "worker"]);
});

test("applyEvent sends a calculated index to the value cache and back to the browser, where it ends", () => {
  const tokens = applyEvent(applyEvent([], event("seen")), event("calculated"));
  expect(tokens[0]?.route.slice(-6)).toEqual([
    "workQueue",
    "worker",
    "valueCache",
    "api",
    "frontDoor",
    "browser",
  ]);
  expect(settle(tokens)).toEqual([]);
});

test("applyEvent sends a failed index to the index store and back", () => {
  const [token] = applyEvent(applyEvent([], event("progress")), event("failed"));
  expect(token?.route).toEqual(["workQueue", "worker", "indexStore", "api", "frontDoor", "browser"]);
});

test("applyEvent routes tokens along links only", () => {
  for (const end of ["calculated", "failed"] as const) {
    const [token] = ["seen" as const, "progress" as const, end]
      .map((kind) => event(kind))
      .reduce((tokens, event) => applyEvent(tokens, event), [] as Token[]);
    const route = token?.route ?? [];
    expect(route.length).toBeGreaterThan(8);
    route.slice(1).forEach((to, i) => {
      const from = route[i];
      expect(links.some(([a, b]) => (a === from && b === to) || (a === to && b === from))).toBe(true);
    });
  }
});

test("applyEvent draws a limited number of tokens, and those at rest make room", () => {
  const tokens = Array.from({ length: 20 }, (_, i) => event("seen", i)).reduce(
    (tokens, event) => applyEvent(tokens, event),
    [] as Token[],
  );
  expect(tokens).toHaveLength(8);
  const settled = settle(tokens);
  expect(settled).toHaveLength(8);
  expect(applyEvent(settled, event("seen", 99)).map(({ index }) => index)).toEqual([99]);
});

test("busyParts has a worker until the calculation ends, and another part while an index leaves it", () => {
  const recorded = settle(applyEvent([], event("seen", 10, { own: true })));
  expect([...busyParts(recorded)]).toEqual([]);
  const working = settle(applyEvent(recorded, event("progress")));
  expect([...busyParts(working)]).toEqual(["worker"]);
  expect([...busyParts(settle(applyEvent(working, event("calculated"))))]).toEqual([]);
});
