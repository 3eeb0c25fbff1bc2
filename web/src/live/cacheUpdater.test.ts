import { InfiniteQueryObserver, QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type SeenIndex, seenIndices } from "../api/indices";
import { type Pages, pagedQuery } from "../api/page";
import { calculatedValues, valueState } from "../api/values";
import { fakeApi } from "../test/fakeApi";
import { calculated, indexEvent, seen } from "../test/samples";
import { createCacheUpdater } from "./cacheUpdater";

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
    new InfiniteQueryObserver(client, pagedQuery(seenIndices)).subscribe(() => undefined),
    new InfiniteQueryObserver(client, pagedQuery(calculatedValues)).subscribe(() => undefined),
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

function shown(index: number): SeenIndex | undefined {
  const data = client.getQueryData<Pages<SeenIndex>>(seenIndices.key);
  return data?.pages.flatMap(({ items }) => items).find((item) => item.index === index);
}

test("progress updates what is shown without a request", async () => {
  updater.onEvent(indexEvent("progress", 10, { progress: 0.4 }));
  expect(shown(10)).toMatchObject({ state: "calculating", progress: 0.4 });
  expect(client.getQueryData(valueState(10).queryKey)).toMatchObject({ state: "calculating", progress: 0.4 });
  await settle();
  expect(requests).toEqual([]);
});

test("progress that arrives late does not undo a value", () => {
  updater.onEvent(indexEvent("progress", 7, { progress: 0.4 }));
  expect(shown(7)?.state).toBe("calculated");
});

test("progress of an index that is not cached changes nothing", () => {
  updater.onEvent(indexEvent("progress", 99, { progress: 0.4 }));
  expect(shown(99)).toBeUndefined();
  expect(client.getQueryData(valueState(99).queryKey)).toBeUndefined();
});

test("seen refetches the list of indices", async () => {
  server = [seen(11), ...server];
  updater.onEvent(indexEvent("seen", 11));
  await settle();
  expect(shown(11)?.state).toBe("pending");
  expect(requests).not.toContain("GET /values?limit=20");
});

test("calculated refetches both lists and the state of the index", async () => {
  updater.onEvent(indexEvent("calculated", 10));
  await settle();
  expect(requests.sort()).toEqual(["GET /indices?limit=20", "GET /values/10", "GET /values?limit=20"]);
});

test("failed shows the index with its reason", async () => {
  server = [seen(10, { state: "failed", reason: "Out of memory." })];
  updater.onEvent(indexEvent("failed", 10, { reason: "Out of memory." }));
  await settle();
  expect(shown(10)).toMatchObject({ state: "failed", reason: "Out of memory." });
});

test("a burst of events changes the list of indices a few times, not for each", async () => {
  server = [seen(10), ...Array.from({ length: 15 }, (_, i) => seen(1_000 + i))];
  updater.onEvent(indexEvent("seen", 1_000));
  await settle();
  const changes = vi.fn();
  const stop = client.getQueryCache().subscribe(({ type, query }) => {
    if (type === "updated" && query.queryKey === seenIndices.key) {
      changes(query.state.data);
    }
  });
  for (let i = 0; i < 15; i++) {
    updater.onEvent(indexEvent("progress", 1_000 + i, { progress: 0.5 }));
  }
  await settle();
  stop();
  expect(shown(1_014)).toMatchObject({ state: "calculating", progress: 0.5 });
  expect(changes.mock.calls.length).toBeLessThanOrEqual(4);
});

test("an event of what is shown by itself does not wait for the end of a burst", () => {
  for (const index of [1_000, 1_001, 10]) {
    updater.onEvent(indexEvent("progress", index, { progress: 0.7 }));
  }
  expect(client.getQueryData(valueState(10).queryKey)).toMatchObject({ progress: 0.7 });
  expect(shown(10)).toMatchObject({ progress: 0.7 });
});

test("a burst of events refetches each list twice, the second time after its end", async () => {
  for (let i = 0; i < 100; i++) {
    updater.onEvent(indexEvent("calculated", 1_000 + i));
  }
  await settle();
  expect(requests.filter((request) => request === "GET /indices?limit=20")).toHaveLength(2);
  expect(requests.filter((request) => request === "GET /values?limit=20")).toHaveLength(2);
});

test("an event during a fetch refetches, and the newer answer counts", async () => {
  const answers: ((body: object) => void)[] = [];
  fakeApi({ "GET /indices": () => new Promise<object>((resolve) => void answers.push(resolve)) });
  void client.refetchQueries({ queryKey: seenIndices.key });
  await settle();
  updater.onEvent(indexEvent("seen", 12));
  await settle();
  expect(answers).toHaveLength(2);
  answers[1]?.({ items: [seen(12), seen(10)] });
  await settle();
  answers[0]?.({ items: [seen(10)] });
  await settle();
  expect(shown(12)?.state).toBe("pending");
});

test("a restored connection refetches everything shown", async () => {
  updater.onConnection("lost");
  await settle();
  expect(requests).toEqual([]);
  updater.onConnection("live");
  await settle();
  expect(requests.sort()).toEqual(["GET /indices?limit=20", "GET /values/10", "GET /values?limit=20"]);
});
