import { InfiniteQueryObserver, QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type SeenIndex, seenIndices } from "../api/indices";
import { type Pages, pagedQuery } from "../api/page";
import { fakeApi } from "../test/fakeApi";
import { seen } from "../test/samples";
import { refreshList } from "./refreshList";

const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: false } } });
const list = new InfiniteQueryObserver(client, pagedQuery(seenIndices));
let newest: number;
let requests: string[];
let stop: () => void;

/** Pages whose cursors are the index of their last item. */
function answer(request: Request) {
  const { searchParams } = new URL(request.url);
  const cursor = searchParams.get("cursor");
  const limit = Number(searchParams.get("limit"));
  const from = cursor === null ? newest : Number(cursor) - 1;
  const items = Array.from({ length: Math.min(limit, from) }, (_, i) =>
    seen(from - i, { state: "calculated" }),
  );
  return { items, ...(from > limit && { nextCursor: String(from - limit + 1) }) };
}

beforeEach(async () => {
  newest = 500;
  requests = fakeApi({ "GET /indices": answer });
  stop = list.subscribe(() => undefined);
  await list.refetch();
  for (let page = 1; page < 10; page++) {
    await list.fetchNextPage();
  }
  requests.length = 0;
});

afterEach(() => {
  stop();
  client.clear();
});

const shown = () =>
  client.getQueryData<Pages<SeenIndex>>(seenIndices.key)?.pages.flatMap(({ items }) => items) ?? [];
const indices = () => shown().map(({ index }) => index);
const descending = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, i) => from - i);

test("refreshList fetches one page, however many are shown, and keeps the others", async () => {
  newest = 503;
  await refreshList(client, seenIndices);
  expect(requests).toEqual(["GET /indices?limit=20"]);
  expect(indices()).toEqual(descending(503, 301));
});

test("refreshList leaves no gap behind what is new, with one more request", async () => {
  newest = 605;
  await refreshList(client, seenIndices);
  expect(requests).toEqual(["GET /indices?limit=20", "GET /indices?limit=100&cursor=586"]);
  expect(indices().slice(0, 200)).toEqual(descending(605, 406));
});

test("refreshList does not let the list grow, and what it drops can be loaded again", async () => {
  for (let flood = 0; flood < 10; flood++) {
    newest += 90;
    await refreshList(client, seenIndices);
  }
  expect(indices().length).toBeLessThan(300);
  const before = indices();
  await list.fetchNextPage();
  expect(indices()).toEqual(descending(newest, (before.at(-1) ?? 0) - 20));
});

test("refreshList does not let the list grow by single items either", async () => {
  for (let i = 0; i < 300; i++) {
    newest++;
    await refreshList(client, seenIndices);
  }
  const before = indices();
  expect(before.length).toBeLessThan(240);
  expect(before).toEqual(descending(newest, before.at(-1) ?? 0));
  while (indices().length < before.length + 20) {
    await list.fetchNextPage();
  }
  const loaded = [...new Set(indices())];
  expect(loaded).toEqual(descending(newest, loaded.at(-1) ?? 0));
});

test("refreshList keeps the objects of what has not changed", async () => {
  const before = new Map(shown().map((item) => [item.index, item]));
  newest = 545;
  await refreshList(client, seenIndices);
  const known = shown().filter(({ index }) => index <= 500);
  expect(known.length).toBeGreaterThan(100);
  expect(known.filter((item) => before.get(item.index) !== item)).toEqual([]);
});

test("refreshList changes nothing when nothing is new", async () => {
  const before = client.getQueryData(seenIndices.key);
  await refreshList(client, seenIndices);
  expect(client.getQueryData(seenIndices.key)).toBe(before);
});

test("refreshList begins again where too much is new", async () => {
  newest = 900;
  await refreshList(client, seenIndices);
  expect(requests).toHaveLength(2);
  expect(indices()).toEqual(descending(900, 781));
});

test("refreshList can be followed by further pages", async () => {
  newest = 503;
  await refreshList(client, seenIndices);
  await list.fetchNextPage();
  expect(indices()).toEqual(descending(503, 281));
});

test("refreshList keeps a page that is loaded at the same time", async () => {
  newest = 503;
  await Promise.all([refreshList(client, seenIndices), list.fetchNextPage()]);
  expect(indices()).toEqual(descending(503, 281));
});

test("refreshList keeps nothing unfinished of which events may have been missed", async () => {
  client.setQueryData<Pages<SeenIndex>>(seenIndices.key, (data) => {
    const pages = data?.pages.map(({ items, ...page }) => ({
      ...page,
      items: items.map((item) => (item.index === 400 ? seen(400) : item)),
    }));
    return data && { ...data, pages: pages ?? [] };
  });
  await refreshList(client, seenIndices);
  expect(indices()).toHaveLength(200);
  await refreshList(client, seenIndices, { missed: true });
  expect(indices()).toEqual(descending(500, 481));
});

test("refreshList leaves the list as it is when it fails", async () => {
  fakeApi({});
  await refreshList(client, seenIndices);
  expect(indices()).toEqual(descending(500, 301));
});
