import { expect, test } from "vitest";
import type { IndexEvent } from "../../live/events";
import { applyEvent, arrive, busyParts, isMoving, type Token } from "./route";

const at = "2026-11-24T10:00:00Z";
const event = (kind: IndexEvent["kind"], index = 10): IndexEvent => ({ kind, index, at });

/** Lets everybody go on until nobody has a next stop. */
function settle(tokens: Token[]): Token[] {
  const moving = tokens.find(isMoving);
  return moving === undefined ? tokens : settle(arrive(tokens, moving.index));
}

test("a submitted index goes to the record, and on only once a worker is seen to have it", () => {
  const recorded = settle(applyEvent([], event("seen")));
  expect(recorded).toEqual([{ index: 10, route: ["browser", "frontDoor", "api", "indexStore"], at: 3 }]);
  const [token] = applyEvent(recorded, event("progress"));
  expect(token?.route.slice(3)).toEqual(["indexStore", "api", "workQueue", "worker"]);
});

test("news of further progress moves nobody", () => {
  const working = applyEvent(applyEvent([], event("seen")), event("progress"));
  expect(applyEvent(working, event("progress"))).toEqual(working);
});

test("what is calculated is kept, and the news comes back to the browser, where the journey ends", () => {
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

test("what failed is written down in the record", () => {
  const [token] = applyEvent(applyEvent([], event("progress")), event("failed"));
  expect(token?.route).toEqual(["workQueue", "worker", "indexStore", "api", "frontDoor", "browser"]);
});

test("each two stops that follow each other are neighbours", async () => {
  const { links } = await import("./parts");
  for (const end of ["calculated", "failed"] as const) {
    const [token] = ["seen" as const, "progress" as const, end]
      .map((kind) => event(kind))
      .reduce(applyEvent, [] as Token[]);
    const route = token?.route ?? [];
    expect(route.length).toBeGreaterThan(8);
    route.slice(1).forEach((to, i) => {
      const from = route[i];
      expect(links.some(([a, b]) => (a === from && b === to) || (a === to && b === from))).toBe(true);
    });
  }
});

test("a crowd is not drawn, and who rests makes room", () => {
  const crowd = Array.from({ length: 20 }, (_, i) => event("seen", i)).reduce(applyEvent, [] as Token[]);
  expect(crowd).toHaveLength(8);
  const settled = settle(crowd);
  expect(settled).toHaveLength(8);
  expect(applyEvent(settled, event("seen", 99)).map(({ index }) => index)).toEqual([99]);
});

test("a worker is at work until the calculation ends, a part on the way only while an index leaves it", () => {
  const recorded = settle(applyEvent([], event("seen")));
  expect([...busyParts(recorded)]).toEqual([]);
  const working = settle(applyEvent(recorded, event("progress")));
  expect([...busyParts(working)]).toEqual(["worker"]);
  expect([...busyParts(settle(applyEvent(working, event("calculated"))))]).toEqual([]);
});
