import { InfiniteQueryObserver, QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type SeenIndex, seenIndices } from "../api/indices";
import { calculatedValues, valueState } from "../api/values";
import { fakeApi } from "../test/fakeApi";
import { calculated, seen } from "../test/samples";
import { createCacheUpdater } from "./cacheUpdater";
import type { IndexEvent } from "./events";

const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: false } } });
let server: SeenIndex[];
let requests: string[];
let updater: ReturnType<typeof createCacheUpdater>;
let stopWatching: () => void;

beforeEach(async () => {
  vi.useFakeTimers();
  server = [seen(10), seen(7, { state: "calculated" })];
  requests = fakeApi({
    "GET /indices": () => ({ items: server }),
    "GET /values": () => ({ items: [calculated(7, "13")] }),
    "GET /values/10": () => ({ index: 10, state: server[0]?.state }),
  });
  updater = createCacheUpdater(client);
  const watched = [
    new InfiniteQueryObserver(client, seenIndices).subscribe(() => undefined),
    new InfiniteQueryObserver(client, calculatedValues).subscribe(() => undefined),
    new QueryObserver(client, valueState(10)).subscribe(() => undefined),
  ];
  stopWatching = () => watched.forEach((stop) => void stop());
  await settle();
  requests.length = 0;
});

afterEach(() => {
  stopWatching();
  client.clear();
});

const settle = () => vi.advanceTimersByTimeAsync(2_000);

function event(kind: IndexEvent["kind"], index: number, more: Partial<IndexEvent> = {}): IndexEvent {
  return { kind, index, at: "2026-11-24T10:00:01Z", ...more };
}

function shown(index: number): SeenIndex | undefined {
  const data = client.getQueryData(seenIndices.queryKey);
  return data?.pages.flatMap(({ items }) => items).find((item) => item.index === index);
}

test("progress moves what is shown, and asks the server for nothing", async () => {
  updater.onEvent(event("progress", 10, { progress: 0.4 }));
  expect(shown(10)).toMatchObject({ state: "calculating", progress: 0.4 });
  expect(client.getQueryData(valueState(10).queryKey)).toMatchObject({ state: "calculating", progress: 0.4 });
  await settle();
  expect(requests).toEqual([]);
});

test("progress that comes late does not take back a value", () => {
  updater.onEvent(event("progress", 7, { progress: 0.4 }));
  expect(shown(7)?.state).toBe("calculated");
});

test("progress of an index that is not shown changes nothing", () => {
  updater.onEvent(event("progress", 99, { progress: 0.4 }));
  expect(shown(99)).toBeUndefined();
  expect(client.getQueryData(valueState(99).queryKey)).toBeUndefined();
});

test("progress does not pass off a list that is out of date, and not shown, for a fresh one", async () => {
  stopWatching();
  server = [seen(11), ...server];
  updater.onEvent(event("seen", 11));
  await settle();
  updater.onEvent(event("progress", 10, { progress: 0.4 }));
  expect(shown(10)?.progress).toBe(0.4);
  const stop = new InfiniteQueryObserver(client, seenIndices).subscribe(() => undefined);
  await settle();
  expect(shown(11)?.state).toBe("pending");
  stop();
});

test("a new index appears in the list", async () => {
  server = [seen(11), ...server];
  updater.onEvent(event("seen", 11));
  await settle();
  expect(shown(11)?.state).toBe("pending");
  expect(requests).not.toContain("GET /values?limit=20");
});

test("an index that is calculated has both lists and its own state fetched", async () => {
  updater.onEvent(event("calculated", 10));
  await settle();
  expect(requests.sort()).toEqual(["GET /indices?limit=20", "GET /values/10", "GET /values?limit=20"]);
});

test("an index that failed is shown with its reason", async () => {
  server = [seen(10, { state: "failed", reason: "Too hot." })];
  updater.onEvent(event("failed", 10, { reason: "Too hot." }));
  await settle();
  expect(shown(10)).toMatchObject({ state: "failed", reason: "Too hot." });
});

test("a burst of events costs two fetches of each list, the last after its end", async () => {
  for (let i = 0; i < 100; i++) {
    updater.onEvent(event("calculated", 1_000 + i));
  }
  await settle();
  expect(requests.filter((request) => request === "GET /indices?limit=20")).toHaveLength(2);
  expect(requests.filter((request) => request === "GET /values?limit=20")).toHaveLength(2);
});

test("what happened while a fetch was under way is fetched after it", async () => {
  let answer: (body: object) => void = () => undefined;
  fakeApi({
    "GET /indices": () =>
      new Promise<object>((resolve) => {
        answer = resolve;
      }),
  });
  void client.refetchQueries({ queryKey: seenIndices.queryKey });
  await settle();
  updater.onEvent(event("seen", 12));
  answer({ items: [seen(10)] });
  await vi.advanceTimersByTimeAsync(0);
  answer({ items: [seen(12), seen(10)] });
  await settle();
  expect(shown(12)?.state).toBe("pending");
});

test("a connection that stands again has everything shown fetched anew", async () => {
  updater.onConnection("lost");
  await settle();
  expect(requests).toEqual([]);
  updater.onConnection("live");
  await settle();
  expect(requests.sort()).toEqual(["GET /indices?limit=20", "GET /values/10", "GET /values?limit=20"]);
});
