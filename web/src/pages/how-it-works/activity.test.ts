import { expect, test } from "vitest";
import type { IndexEvent } from "../../live/events";
import { indexEvent } from "../../test/samples";
import { type Activity, describeEvent, noActivity, recordEvent } from "./activity";
import { announceEvents } from "./announcements";

const event = (second: number, kind: IndexEvent["kind"], changes: Partial<IndexEvent> = {}) =>
  indexEvent(kind, 1_000, { at: `2026-11-24T10:00:0${second}Z`, ...changes });

const after = (...events: IndexEvent[]): Activity => events.reduce(recordEvent, noActivity);

test("recordEvent keeps the latest action of each part", () => {
  const { latest } = after(event(0, "seen"), event(1, "calculated"), event(2, "seen", { index: -8 }));
  expect(latest.api?.text).toBe("Accepted F(−8)");
  expect(latest.indexStore?.text).toBe("Recorded F(−8)");
  expect(latest.worker?.text).toBe("Calculated and checked F(1,000)");
  expect(latest.valueCache).toEqual({ text: "Stored F(1,000)", at: "2026-11-24T10:00:01Z" });
});

test("recordEvent takes nothing submitted for queued, as its value may exist already", () => {
  expect(after(event(0, "seen")).latest.workQueue).toBeUndefined();
});

test("recordEvent keeps the time of an action that is reported again", () => {
  const { latest } = after(event(1, "progress", { progress: 0.1 }), event(2, "progress", { progress: 0.5 }));
  expect(latest.workQueue?.at).toBe("2026-11-24T10:00:01Z");
  expect(latest.worker).toEqual({
    text: "Calculating F(1,000): 50% done",
    at: "2026-11-24T10:00:02Z",
  });
});

test("recordEvent logs few events, newest first, and progress once until the calculation ends", () => {
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

test("describeEvent gives a short value, and says that a long one is ready", () => {
  expect(describeEvent(event(0, "calculated", { index: 10 }))).toBe("is 55.");
  expect(describeEvent(event(0, "calculated", { index: -8 }))).toBe("is −21.");
  expect(describeEvent(event(0, "calculated"))).toBe("is ready.");
});

test("describeEvent gives the reason of a failure in a sentence of its own", () => {
  expect(describeEvent(event(0, "failed"))).toBe("could not be calculated.");
  expect(describeEvent(event(0, "failed", { reason: "The cache is full." }))).toBe(
    "could not be calculated. The cache is full.",
  );
});

test("announceEvents gives the last value and counts the calculations before it", () => {
  const ready = event(1, "calculated", { index: 10 });
  expect(announceEvents([event(0, "seen")])).toBeUndefined();
  expect(announceEvents([event(0, "seen"), ready])).toBe("F(10) is 55.");
  expect(announceEvents([event(0, "failed"), ready])).toBe("2 calculations have finished. F(10) is 55.");
});
