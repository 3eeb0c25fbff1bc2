import { beforeEach, expect, test, vi } from "vitest";
import { FakeEventSource } from "../test/FakeEventSource";
import { listen } from "./events";

const onEvent = vi.fn();
const onConnection = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  onEvent.mockReset();
  onConnection.mockReset();
});

test("each type of event arrives with its kind and its data", () => {
  listen({ onEvent, onConnection });
  FakeEventSource.last.send("progress", { index: 7, at: "2026-11-24T10:00:00Z", progress: 0.5 });
  FakeEventSource.last.send("failed", { index: -8, at: "2026-11-24T10:00:00Z", reason: "Too hot." });
  expect(onEvent.mock.calls).toEqual([
    [{ kind: "progress", index: 7, at: "2026-11-24T10:00:00Z", progress: 0.5 }],
    [{ kind: "failed", index: -8, at: "2026-11-24T10:00:00Z", reason: "Too hot." }],
  ]);
});

test("a connection that breaks is lost until it is back", () => {
  listen({ onEvent, onConnection });
  FakeEventSource.last.accept();
  FakeEventSource.last.break();
  FakeEventSource.last.accept();
  expect(onConnection.mock.calls).toEqual([["live"], ["lost"], ["live"]]);
  expect(FakeEventSource.opened).toHaveLength(1);
});

test("one that the browser gives up is opened anew, ever less often", async () => {
  listen({ onEvent, onConnection });
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

test("who stops listening leaves nothing open", async () => {
  const stop = listen({ onEvent, onConnection });
  FakeEventSource.last.refuse();
  stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(FakeEventSource.opened).toHaveLength(1);
  expect(FakeEventSource.last.readyState).toBe(FakeEventSource.CLOSED);
});
