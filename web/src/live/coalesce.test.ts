import { beforeEach, expect, test, vi } from "vitest";
import { coalesce } from "./coalesce";

beforeEach(() => {
  vi.useFakeTimers();
});

const tick = () => vi.advanceTimersByTimeAsync(0);

test("coalesce runs the task at once, and once for all calls during a pause", async () => {
  const task = vi.fn(async () => undefined);
  const schedule = coalesce(task, 500);
  schedule();
  await tick();
  expect(task).toHaveBeenCalledTimes(1);
  schedule();
  schedule();
  schedule();
  await vi.advanceTimersByTimeAsync(499);
  expect(task).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(task).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(task).toHaveBeenCalledTimes(2);
});

test("coalesce runs the task again after a call during a run, not beside it", async () => {
  let active = 0;
  let most = 0;
  const task = vi.fn(async () => {
    most = Math.max(most, ++active);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    active--;
  });
  const schedule = coalesce(task, 100);
  schedule();
  await vi.advanceTimersByTimeAsync(900);
  schedule();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(task).toHaveBeenCalledTimes(2);
  expect(most).toBe(1);
});
