import { expect, test } from "vitest";
import type { SystemStatus } from "../../api/systemStatus";
import { healthOf, isEmbedded } from "./health";
import { partNames } from "./parts";

const spread: SystemStatus = {
  answeredBy: "api",
  frontDoor: "nginx",
  parts: [
    { name: "api", software: "Pisano", status: "ok" },
    { name: "indexStore", software: "PostgreSQL", status: "ok" },
    { name: "valueCache", software: "Redis", status: "unavailable" },
    { name: "workQueue", software: "Redis", status: "ok", waiting: 1_200 },
    { name: "worker", software: "Pisano", status: "ok", count: 3 },
  ],
};

const statesOf = (status: SystemStatus | undefined) => {
  const health = healthOf(status, "live");
  return Object.fromEntries(partNames.map((name) => [name, health[name].state]));
};

test("each part has its health in words, and the software that does its work", () => {
  const health = healthOf(spread, "live");
  expect(health.browser).toEqual({ state: "ok", words: "Live" });
  expect(health.frontDoor).toEqual({ state: "ok", words: "Works", software: "nginx" });
  expect(health.indexStore).toEqual({ state: "ok", words: "Works", software: "PostgreSQL" });
  expect(health.valueCache).toEqual({ state: "away", words: "Away", software: "Redis" });
  expect(health.workQueue.words).toBe("Works, 1,200 in it");
  expect(health.worker.words).toBe("Works, 3 workers");
});

test("a worker is away when there is none, and not known when nobody can count", () => {
  const worker = { name: "worker", software: "Pisano", status: "unavailable" } as const;
  expect(statesOf({ ...spread, parts: [{ ...worker, count: 0 }] })).toMatchObject({ worker: "away" });
  expect(statesOf({ ...spread, parts: [worker] })).toMatchObject({ worker: "unknown" });
});

test("before the first answer nothing is known", () => {
  const { browser, ...others } = statesOf(undefined);
  expect(browser).toBe("ok");
  expect(new Set(Object.values(others))).toEqual(new Set(["unknown"]));
});

test("when only the door answers, the API is away and nothing is known of what is behind it", () => {
  expect(statesOf({ ...spread, answeredBy: "frontDoor" })).toMatchObject({
    frontDoor: "ok",
    api: "away",
    indexStore: "unknown",
    worker: "unknown",
  });
});

test("when nobody answers the door is away, and the API with it where both are one program", () => {
  expect(statesOf({ ...spread, answeredBy: "none" })).toMatchObject({ frontDoor: "away", api: "unknown" });
  const alone: SystemStatus = { ...spread, answeredBy: "none", frontDoor: "Pisano" };
  expect(statesOf(alone)).toMatchObject({ frontDoor: "away", api: "away", worker: "unknown" });
});

test("it is one program where SQLite keeps the record, and unknown before anybody told", () => {
  expect(isEmbedded(spread)).toBe(false);
  expect(isEmbedded({ ...spread, parts: [{ name: "indexStore", software: "SQLite", status: "ok" }] })).toBe(
    true,
  );
  expect(isEmbedded({ answeredBy: "none", parts: [] })).toBeUndefined();
});
