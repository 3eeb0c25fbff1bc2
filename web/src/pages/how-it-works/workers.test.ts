import { expect, test } from "vitest";
import { goneWorkers, type Listed, listWorkers, workerRows } from "./workers";

const none: Listed = new Map();
const worker = (name: string, silentSeconds = 1) => ({ name, silentSeconds });

test("workerRows has the indices of each worker and the time since its sign of life", () => {
  const listed = listWorkers(none, [worker("one"), worker("two", 2)], 1_000);
  const claims = new Map([
    [10, { worker: "two" }],
    [20, { worker: "two" }],
    [30, {}],
  ]);
  expect(workerRows(listed, claims, 3_000, true)).toEqual([
    { name: "one", indices: [], silent: 3, state: "alive" },
    { name: "two", indices: [10, 20], silent: 4, state: "alive" },
  ]);
});

test("workerRows misses a worker that is overdue, and says that it is gone, with what it left, when it is no longer listed", () => {
  const first = listWorkers(none, [worker("one"), worker("two", 6)], 0);
  expect(workerRows(first, new Map(), 0, true).map(({ state }) => state)).toEqual(["alive", "missed"]);
  const second = listWorkers(first, [worker("one")], 5_000);
  expect(workerRows(second, new Map([[10, { worker: "two" }]]), 5_000, true)[1]).toEqual({
    name: "two",
    indices: [10],
    silent: 11,
    state: "gone",
  });
  expect(listWorkers(second, [worker("one")], 70_000).size).toBe(1);
});

test("workerRows calls no worker alive or missed while the API does not answer", () => {
  const first = listWorkers(none, [worker("one"), worker("two")], 0);
  const second = listWorkers(first, [worker("one")], 2_500);
  expect(workerRows(second, new Map(), 20_000, false)).toEqual([
    { name: "one", indices: [], silent: 18.5, state: "unknown" },
    { name: "two", indices: [], silent: 21, state: "gone" },
  ]);
});

test("goneWorkers has those that are no longer listed, and none without a list", () => {
  const all = [worker("one"), worker("two"), worker("three")];
  expect(goneWorkers(all, all)).toEqual([]);
  expect(goneWorkers(all, all.slice(2))).toEqual(["one", "two"]);
  expect(goneWorkers(all.slice(1), all)).toEqual([]);
  expect(goneWorkers(all, undefined)).toEqual([]);
  expect(goneWorkers(undefined, all)).toEqual([]);
});
