import type { Part } from "@pisano-dev/client";
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

test("healthOf has the health of each part in words, and its software", () => {
  const health = healthOf(spread, "live");
  expect(health.browser).toEqual({ state: "ok", text: "Connected" });
  expect(health.frontDoor).toEqual({ state: "ok", text: "Working", software: "nginx" });
  expect(health.indexStore).toEqual({ state: "ok", text: "Working", software: "PostgreSQL" });
  expect(health.valueCache).toEqual({ state: "down", text: "Unavailable", software: "Redis" });
  expect(health.workQueue.text).toBe("Working, 1,200 to calculate");
  expect(health.worker.text).toBe("Working, 3 workers");
});

test("healthOf tells of a working cache what of it is lost, and what becomes of that", () => {
  const cache = { name: "valueCache", software: "Redis", status: "ok" } as const;
  const textOf = (recovery: SystemStatus["recovery"], part: Part = cache) =>
    healthOf({ ...spread, parts: [part], ...(recovery && { recovery }) }, "live").valueCache.text;
  expect(textOf(undefined)).toBe("Working");
  expect(textOf({ mode: "eager", lost: 0 })).toBe("Working");
  expect(textOf({ mode: "eager", lost: 1 })).toBe("Working, recovering 1 lost value");
  expect(textOf({ mode: "eager", lost: 10_000 })).toBe("Working, recovering at least 10,000 lost values");
  expect(textOf({ mode: "on-demand", lost: 1_234 })).toBe("Working, 1,234 lost values to recover on request");
  expect(textOf({ mode: "eager", lost: 5 }, { ...cache, status: "unavailable" })).toBe("Unavailable");
});

test("healthOf has no worker where none is counted, and does not know where none can be counted", () => {
  const worker = { name: "worker", software: "Pisano", status: "unavailable" } as const;
  expect(statesOf({ ...spread, parts: [{ ...worker, count: 0 }] })).toMatchObject({ worker: "down" });
  expect(statesOf({ ...spread, parts: [worker] })).toMatchObject({ worker: "unknown" });
});

test("healthOf knows nothing before the first answer", () => {
  const { browser, ...others } = statesOf(undefined);
  expect(browser).toBe("ok");
  expect(new Set(Object.values(others))).toEqual(new Set(["unknown"]));
});

test("healthOf takes the API for down where only the front door answers, and knows nothing of what is behind it", () => {
  expect(statesOf({ ...spread, answeredBy: "frontDoor" })).toMatchObject({
    frontDoor: "ok",
    api: "down",
    indexStore: "unknown",
    worker: "unknown",
  });
});

test("healthOf takes the front door for down where nothing answers, and the API with it if both are one program", () => {
  expect(statesOf({ ...spread, answeredBy: "none" })).toMatchObject({ frontDoor: "down", api: "unknown" });
  const alone: SystemStatus = { ...spread, answeredBy: "none", frontDoor: "Pisano" };
  expect(statesOf(alone)).toMatchObject({ frontDoor: "down", api: "down", worker: "unknown" });
});

test("isEmbedded is true with SQLite, and unknown before the first answer", () => {
  expect(isEmbedded(spread)).toBe(false);
  expect(isEmbedded({ ...spread, parts: [{ name: "indexStore", software: "SQLite", status: "ok" }] })).toBe(
    true,
  );
  expect(isEmbedded({ answeredBy: "none", parts: [] })).toBeUndefined();
});
