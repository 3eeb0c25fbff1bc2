import { expect, test } from "vitest";
import { indexEvent } from "../../test/samples";
import type { OwnedEvent } from "./activity";
import { followEvents, noTraces, percentile } from "./traces";

const at = (micros: number) => `2026-11-24T10:00:00.${String(micros).padStart(6, "0")}Z`;

const event = (micros: number, kind: OwnedEvent["kind"], changes: Partial<OwnedEvent> = {}): OwnedEvent => ({
  ...indexEvent(kind, 10, { at: at(micros) }),
  ...changes,
});

const claim = (micros: number, worker = "one", delivery = 1) => ({ worker, delivery, claimedAt: at(micros) });

test("followEvents tells when an index was submitted, claimed and calculated", () => {
  const { open, ended, waits } = followEvents(noTraces, [
    event(100, "seen", { own: true }),
    event(900, "progress", claim(300)),
    event(1_000, "calculated", claim(300)),
  ]);
  expect(open.size).toBe(0);
  expect(waits).toEqual([200]);
  expect(ended).toMatchObject([
    {
      index: 10,
      own: true,
      stops: [{ worker: "one", delivery: 1, claimed: 200 }],
      ended: 900,
      failed: false,
    },
  ]);
});

test("followEvents has a stop for each delivery, and the wait for the first alone", () => {
  const lasting = followEvents(noTraces, [
    event(0, "seen"),
    event(60, "progress", claim(10)),
    event(70, "seen"),
  ]);
  expect(lasting.open.get(10)?.stops).toHaveLength(1);
  const { ended, waits } = followEvents(lasting, [event(900, "failed", claim(800, "two", 2))]);
  expect(ended[0]?.stops.map(({ worker, claimed }) => [worker, claimed])).toEqual([
    ["one", 10],
    ["two", 800],
  ]);
  expect(ended[0]?.failed).toBe(true);
  expect(waits).toEqual([10]);
});

test("followEvents leaves out what was not seen from its submission, and times of clocks that differ", () => {
  for (const events of [
    [event(900, "calculated", claim(300))],
    [event(500, "seen"), event(900, "calculated", { ...claim(0), claimedAt: "2026-11-24T09:59:58Z" })],
    [event(100, "seen"), event(200, "calculated", claim(300))],
    [event(100, "seen"), event(900, "calculated")],
  ]) {
    expect(followEvents(noTraces, events)).toEqual(noTraces);
  }
});

test("followEvents has no wait where a worker has the index before its submission is announced", () => {
  const { waits, ended } = followEvents(noTraces, [event(500, "seen"), event(900, "calculated", claim(300))]);
  expect(waits).toEqual([0]);
  expect(ended).toMatchObject([{ stops: [{ claimed: 0 }], ended: 400 }]);
});

test("followEvents keeps the latest traces", () => {
  const many = Array.from({ length: 30 }, (_, index) => [
    event(1, "seen", { index }),
    event(3, "calculated", { index, ...claim(2) }),
  ]);
  const { ended } = followEvents(noTraces, many.flat());
  expect(ended).toHaveLength(20);
  expect(ended[0]?.index).toBe(29);
});

test("percentile is one of the numbers, by nearest rank", () => {
  const numbers = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(percentile(numbers, 0.5)).toBe(50);
  expect(percentile(numbers, 0.95)).toBe(95);
  expect(percentile([7], 0.95)).toBe(7);
  expect(percentile([], 0.5)).toBeUndefined();
});
