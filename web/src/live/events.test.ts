import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeEventSource } from "../test/FakeEventSource";
import { listen } from "./events";

const onEvent = vi.fn();
const onConnection = vi.fn();

let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  onEvent.mockReset();
  onConnection.mockReset();
  stop = listen({ onEvent, onConnection });
});

afterEach(() => stop());

test("listen passes on each kind of event with its data", () => {
  FakeEventSource.last.send("progress", { index: 7, at: "2026-11-24T10:00:00Z", progress: 0.5 });
  FakeEventSource.last.send("failed", { index: -8, at: "2026-11-24T10:00:00Z", reason: "Out of memory." });
  expect(onEvent.mock.calls).toEqual([
    [{ kind: "progress", index: 7, at: "2026-11-24T10:00:00Z", progress: 0.5 }],
    [{ kind: "failed", index: -8, at: "2026-11-24T10:00:00Z", reason: "Out of memory." }],
  ]);
});

test("listen reports a broken connection until it is restored", () => {
  FakeEventSource.last.accept();
  FakeEventSource.last.break();
  FakeEventSource.last.accept();
  expect(onConnection.mock.calls).toEqual([["live"], ["lost"], ["live"]]);
  expect(FakeEventSource.opened).toHaveLength(1);
});

test("listen reconnects with growing pauses where the browser gives up", async () => {
  FakeEventSource.last.refuse();
  await vi.advanceTimersByTimeAsync(999);
  expect(FakeEventSource.opened).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(FakeEventSource.opened).toHaveLength(2);

  FakeEventSource.last.refuse();
  await vi.advanceTimersByTimeAsync(1_999);
  expect(FakeEventSource.opened).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(FakeEventSource.opened).toHaveLength(3);

  for (let i = 0; i < 10; i++) {
    FakeEventSource.last.refuse();
    await vi.advanceTimersByTimeAsync(15_000);
  }
  expect(FakeEventSource.opened).toHaveLength(13);
});

test("listen has no connection while the page is hidden", async () => {
  const hidden = vi.spyOn(document, "hidden", "get");
  const setHidden = (value: boolean) => {
    hidden.mockReturnValue(value);
    document.dispatchEvent(new Event("visibilitychange"));
  };
  FakeEventSource.last.refuse();
  setHidden(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(FakeEventSource.opened).toHaveLength(1);
  setHidden(false);
  expect(FakeEventSource.opened).toHaveLength(2);
  FakeEventSource.last.accept();
  setHidden(true);
  expect(FakeEventSource.last.readyState).toBe(FakeEventSource.CLOSED);
  setHidden(false);
  FakeEventSource.last.accept();
  expect(onConnection.mock.calls).toEqual([["lost"], ["live"], ["live"]]);
  stop();
  setHidden(false);
  expect(FakeEventSource.opened).toHaveLength(3);
  hidden.mockRestore();
});

test("listen leaves no connection open when it is stopped", async () => {
  FakeEventSource.last.refuse();
  stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(FakeEventSource.opened).toHaveLength(1);
  expect(FakeEventSource.last.readyState).toBe(FakeEventSource.CLOSED);
});
