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

test("each type of event arrives with its kind and its data", () => {
  FakeEventSource.last.send("progress", { index: 7, at: "2026-11-24T10:00:00Z", progress: 0.5 });
  FakeEventSource.last.send("failed", { index: -8, at: "2026-11-24T10:00:00Z", reason: "Too hot." });
  expect(onEvent.mock.calls).toEqual([
    [{ kind: "progress", index: 7, at: "2026-11-24T10:00:00Z", progress: 0.5 }],
    [{ kind: "failed", index: -8, at: "2026-11-24T10:00:00Z", reason: "Too hot." }],
  ]);
});

test("a connection that breaks is lost until it is back", () => {
  FakeEventSource.last.accept();
  FakeEventSource.last.break();
  FakeEventSource.last.accept();
  expect(onConnection.mock.calls).toEqual([["live"], ["lost"], ["live"]]);
  expect(FakeEventSource.opened).toHaveLength(1);
});

test("one that the browser gives up is opened anew, ever less often", async () => {
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

test("a page that nobody sees takes no connection, and listens anew when it is seen", async () => {
  const hidden = vi.spyOn(document, "hidden", "get");
  const turn = (away: boolean) => {
    hidden.mockReturnValue(away);
    document.dispatchEvent(new Event("visibilitychange"));
  };
  FakeEventSource.last.refuse();
  turn(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(FakeEventSource.opened).toHaveLength(1);
  turn(false);
  expect(FakeEventSource.opened).toHaveLength(2);
  FakeEventSource.last.accept();
  turn(true);
  expect(FakeEventSource.last.readyState).toBe(FakeEventSource.CLOSED);
  turn(false);
  FakeEventSource.last.accept();
  expect(onConnection.mock.calls).toEqual([["lost"], ["live"], ["live"]]);
  stop();
  turn(false);
  expect(FakeEventSource.opened).toHaveLength(3);
  hidden.mockRestore();
});

test("who stops listening leaves nothing open", async () => {
  FakeEventSource.last.refuse();
  stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(FakeEventSource.opened).toHaveLength(1);
  expect(FakeEventSource.last.readyState).toBe(FakeEventSource.CLOSED);
});
