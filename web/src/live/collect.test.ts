import { beforeEach, expect, test, vi } from "vitest";
import { collect } from "./collect";

let handled: number[][];
let collector: ReturnType<typeof collect<number>>;

beforeEach(() => {
  vi.useFakeTimers();
  handled = [];
  collector = collect<number>((items) => handled.push(items), 100);
});

test("collect handles the first at once, and what follows within the pause together", () => {
  collector.add(1);
  expect(handled).toEqual([[1]]);
  collector.add(2);
  collector.add(3);
  vi.advanceTimersByTime(99);
  expect(handled).toEqual([[1]]);
  vi.advanceTimersByTime(1);
  expect(handled).toEqual([[1], [2, 3]]);
});

test("collect handles a lasting stream once for each pause", () => {
  for (let n = 0; n < 100; n++) {
    collector.add(n);
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(1_000);
  expect(handled.length).toBeLessThanOrEqual(12);
  expect(handled.flat()).toEqual(Array.from({ length: 100 }, (_, n) => n));
});

test("collect handles everything in its order when it is flushed", () => {
  collector.add(1);
  collector.add(2);
  collector.add(3);
  collector.flush();
  expect(handled).toEqual([[1], [2, 3]]);
  vi.advanceTimersByTime(1_000);
  expect(handled).toHaveLength(2);
});
