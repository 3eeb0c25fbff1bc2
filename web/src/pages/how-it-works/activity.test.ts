import { expect, test } from "vitest";
import type { IndexEvent } from "../../live/events";
import { indexEvent } from "../../test/samples";
import { type Activity, describeEntry, noActivity, recordEvents, recordGone } from "./activity";
import { announceEvents } from "./announcements";

const event = (second: number, kind: IndexEvent["kind"], changes: Partial<IndexEvent> = {}) =>
  indexEvent(kind, 1_000, { at: `2026-11-24T10:00:0${second}Z`, ...changes });

const after = (...events: IndexEvent[]): Activity => recordEvents(noActivity, events);

test("recordEvents keeps the latest action of each part", () => {
  const { latest } = after(event(0, "seen"), event(1, "calculated"), event(2, "seen", { index: -8 }));
  expect(latest.api?.text).toBe("Accepted F(−8)");
  expect(latest.indexStore?.text).toBe("Recorded F(−8)");
  expect(latest.worker?.text).toBe("Calculated and checked F(1,000)");
  expect(latest.valueCache).toEqual({ text: "Stored F(1,000)", at: "2026-11-24T10:00:01Z" });
});

test("recordEvents takes nothing submitted for queued, as its value may exist already", () => {
  expect(after(event(0, "seen")).latest.workQueue).toBeUndefined();
});

test("recordEvents keeps the time of an action that is reported again", () => {
  const { latest } = after(event(1, "progress", { progress: 0.1 }), event(2, "progress", { progress: 0.5 }));
  expect(latest.workQueue?.at).toBe("2026-11-24T10:00:01Z");
  expect(latest.worker).toEqual({
    text: "Calculating F(1,000): 50% done",
    at: "2026-11-24T10:00:02Z",
  });
});

test("recordEvents tells once that an index was handed over, while two are calculated", () => {
  const progress = (second: number, index: number) => event(second, "progress", { index });
  const both = after(progress(1, 10), progress(2, 20), progress(3, 10), progress(4, 20));
  expect(both.latest.workQueue).toEqual({
    text: "Handed F(20) to a worker",
    at: "2026-11-24T10:00:02Z",
  });
  const ended = recordEvents(both, [event(5, "calculated", { index: 10 }), progress(6, 10)]);
  expect(ended.latest.workQueue?.text).toBe("Handed F(10) to a worker");
});

test("recordEvents logs few events, newest first, and progress once until the calculation ends", () => {
  const running = after(event(0, "seen"), event(1, "progress"), event(2, "progress"));
  expect(running.log.map(({ kind }) => kind)).toEqual(["progress", "seen"]);
  const ended = recordEvents(running, [event(3, "calculated")]);
  expect(ended.log.map(({ kind }) => kind)).toEqual(["calculated", "seen"]);
  const many = recordEvents(
    ended,
    Array.from({ length: 30 }, (_, i) => event(4, "seen", { index: i })),
  );
  expect(many.log).toHaveLength(8);
  expect(many.log[0]).toMatchObject({ index: 29 });
});

test("recordGone logs each worker that is gone", () => {
  const at = "2026-11-24T10:00:09Z";
  const { log } = recordGone(after(event(0, "seen")), ["first", "second"], at);
  expect(log.map(describeEntry)).toEqual(["is gone.", "is gone.", "was submitted elsewhere."]);
  expect(log[0]).toEqual({ kind: "gone", worker: "first", at });
  expect(recordGone(noActivity, Array.from("abcdefghij"), at).log).toHaveLength(8);
});

/** What the log says after these events, newest first. */
const lines = (...events: IndexEvent[]) => after(...events).log.map(describeEntry);

test("describeEntry says whose submission it was", () => {
  expect(lines({ ...event(0, "seen"), own: true } as IndexEvent)).toEqual(["was submitted on this page."]);
  expect(lines(event(0, "seen"))).toEqual(["was submitted elsewhere."]);
});

test("recordEvents logs that another worker has the index, and why", () => {
  const by = (second: number, worker: string, delivery: number) =>
    event(second, "progress", { worker, delivery });
  expect(lines(by(1, "first", 1), by(2, "first", 1))).toHaveLength(1);
  expect(lines(by(1, "first", 1), by(2, "second", 2))[1]).toBe(
    "goes to worker secon, because the lease of worker first has expired.",
  );
  expect(lines(by(1, "first", 1), by(2, "second", 1))[1]).toBe(
    "goes to worker secon, because worker first handed it back.",
  );
  expect(lines(by(1, "first", 2), by(2, "first", 3))[1]).toBe(
    "is tried again by worker first, for the 3rd time.",
  );
  expect(lines(event(1, "calculated", { worker: "other", delivery: 2 }))[1]).toBe(
    "goes to worker other, because the lease of the worker before has expired.",
  );
  expect(lines(event(1, "progress"), event(2, "progress"))).toHaveLength(1);
  expect(after(by(1, "first", 1), by(2, "second", 2)).latest.workQueue?.text).toBe(
    "Handed F(1,000) over once more",
  );
});

test("describeEntry gives a short value, and says that a long one is ready", () => {
  expect(describeEntry(event(0, "calculated", { index: 10 }))).toBe("is 55.");
  expect(describeEntry(event(0, "calculated", { index: -8 }))).toBe("is −21.");
  expect(describeEntry(event(0, "calculated"))).toBe("is ready.");
});

test("describeEntry gives the reason of a failure in a sentence of its own", () => {
  expect(describeEntry(event(0, "failed"))).toBe("could not be calculated.");
  expect(describeEntry(event(0, "failed", { reason: "The cache is full." }))).toBe(
    "could not be calculated. The cache is full.",
  );
});

test("announceEvents gives the last value and counts the calculations before it", () => {
  const ready = event(1, "calculated", { index: 10 });
  expect(announceEvents([event(0, "seen")])).toBeUndefined();
  expect(announceEvents([event(0, "seen"), ready])).toBe("F(10) is 55.");
  expect(announceEvents([event(0, "failed"), ready])).toBe("2 calculations have finished. F(10) is 55.");
});
