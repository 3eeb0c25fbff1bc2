import { expect, test } from "vitest";
import type { IndexEvent } from "../../live/events";
import { type Activity, noActivity, recordEvent } from "./activity";

const event = (second: number, kind: IndexEvent["kind"], more: Partial<IndexEvent> = {}): IndexEvent => ({
  kind,
  index: 1_000,
  at: `2026-11-24T10:00:0${second}Z`,
  ...more,
});

const after = (...events: IndexEvent[]): Activity => events.reduce(recordEvent, noActivity);

test("each part tells what it did last", () => {
  const { latest } = after(event(0, "seen"), event(1, "calculated"), event(2, "seen", { index: -8 }));
  expect(latest.api?.text).toBe("Accepted F(−8)");
  expect(latest.indexStore?.text).toBe("Wrote F(−8) down");
  expect(latest.worker?.text).toBe("Calculated and checked F(1,000)");
  expect(latest.valueCache).toEqual({ text: "Put F(1,000) in store", at: "2026-11-24T10:00:01Z" });
});

test("what was submitted is not said to be in the queue: its value may be there already", () => {
  expect(after(event(0, "seen")).latest.workQueue).toBeUndefined();
});

test("what is told again happened when it was told first", () => {
  const { latest } = after(event(1, "progress", { progress: 0.1 }), event(2, "progress", { progress: 0.5 }));
  expect(latest.workQueue?.at).toBe("2026-11-24T10:00:01Z");
  expect(latest.worker).toEqual({
    text: "Calculates F(1,000): 50% done",
    at: "2026-11-24T10:00:02Z",
  });
});

test("the log is short, newest first, and has a calculation's progress once, until it ends", () => {
  const running = after(event(0, "seen"), event(1, "progress"), event(2, "progress"));
  expect(running.log.map(({ kind }) => kind)).toEqual(["progress", "seen"]);
  const ended = recordEvent(running, event(3, "calculated"));
  expect(ended.log.map(({ kind }) => kind)).toEqual(["calculated", "seen"]);
  const many = Array.from({ length: 30 }, (_, i) => event(4, "seen", { index: i })).reduce(
    recordEvent,
    ended,
  );
  expect(many.log).toHaveLength(8);
  expect(many.log[0]?.index).toBe(29);
});
