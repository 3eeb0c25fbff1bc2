import { expect, test } from "vitest";
import type { IndexEvent } from "../../live/events";
import { arrive, follow, isMoving, partsAtWork, type Traveller } from "./journey";

const at = "2026-11-24T10:00:00Z";
const event = (kind: IndexEvent["kind"], index = 10): IndexEvent => ({ kind, index, at });

/** Lets everybody go on until nobody has a next stop. */
function settle(travellers: Traveller[]): Traveller[] {
  const moving = travellers.find(isMoving);
  return moving === undefined ? travellers : settle(arrive(travellers, moving.index));
}

test("a submitted index goes to the record, and on only once a worker is seen to have it", () => {
  const recorded = settle(follow([], event("seen")));
  expect(recorded).toEqual([{ index: 10, stops: ["browser", "frontDoor", "api", "indexStore"], at: 3 }]);
  const [traveller] = follow(recorded, event("progress"));
  expect(traveller?.stops.slice(3)).toEqual(["indexStore", "api", "workQueue", "worker"]);
});

test("news of further progress moves nobody", () => {
  const working = follow(follow([], event("seen")), event("progress"));
  expect(follow(working, event("progress"))).toEqual(working);
});

test("what is calculated is kept, and the news comes back to the browser, where the journey ends", () => {
  const travellers = follow(follow([], event("seen")), event("calculated"));
  expect(travellers[0]?.stops.slice(-6)).toEqual([
    "workQueue",
    "worker",
    "valueCache",
    "api",
    "frontDoor",
    "browser",
  ]);
  expect(settle(travellers)).toEqual([]);
});

test("what failed is written down in the record", () => {
  const [traveller] = follow(follow([], event("progress")), event("failed"));
  expect(traveller?.stops).toEqual(["workQueue", "worker", "indexStore", "api", "frontDoor", "browser"]);
});

test("each two stops that follow each other are neighbours", async () => {
  const { links } = await import("./parts");
  for (const end of ["calculated", "failed"] as const) {
    const [traveller] = ["seen" as const, "progress" as const, end]
      .map((kind) => event(kind))
      .reduce(follow, [] as Traveller[]);
    const stops = traveller?.stops ?? [];
    expect(stops.length).toBeGreaterThan(8);
    stops.slice(1).forEach((to, i) => {
      const from = stops[i];
      expect(links.some(([a, b]) => (a === from && b === to) || (a === to && b === from))).toBe(true);
    });
  }
});

test("a crowd is not drawn, and who rests makes room", () => {
  const crowd = Array.from({ length: 20 }, (_, i) => event("seen", i)).reduce(follow, [] as Traveller[]);
  expect(crowd).toHaveLength(8);
  const settled = settle(crowd);
  expect(settled).toHaveLength(8);
  expect(follow(settled, event("seen", 99)).map(({ index }) => index)).toEqual([99]);
});

test("a worker is at work until the calculation ends, a part on the way only while an index leaves it", () => {
  const recorded = settle(follow([], event("seen")));
  expect([...partsAtWork(recorded)]).toEqual([]);
  const working = settle(follow(recorded, event("progress")));
  expect([...partsAtWork(working)]).toEqual(["worker"]);
  expect([...partsAtWork(settle(follow(working, event("calculated"))))]).toEqual([]);
});
