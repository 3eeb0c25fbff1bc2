import { expect, test } from "vitest";
import { describePace, momentsOf } from "./replay";
import type { Trace } from "./traces";

const trace: Trace = {
  index: 1_000,
  own: true,
  submittedAt: 0,
  stops: [{ worker: "5GQX2LDNCK", delivery: 1, claimed: 800 }],
  ended: 2_400,
};

test("momentsOf has the submission, each delivery and the end, with their times", () => {
  expect(momentsOf(trace)).toEqual([
    { at: 0, text: "F(1,000) is submitted on this page and recorded." },
    { at: 800, text: "Worker 5GQX2 takes it." },
    { at: 2_400, text: "Its value is stored, and every open page is told." },
  ]);
  const second = { worker: "KZ4M7YB2VN", delivery: 2, claimed: 5_000_800 };
  const moments = momentsOf({
    ...trace,
    own: false,
    stops: [...trace.stops, second],
    ended: 6_000_000,
    failed: true,
  });
  expect(moments.map(({ text }) => text)).toEqual([
    "F(1,000) is submitted elsewhere and recorded.",
    "Worker 5GQX2 takes it.",
    "Worker KZ4M7 takes it, in delivery 2 of at most 5.",
    "It has failed, and every open page is told.",
  ]);
});

test("describePace compares the replay with the reality", () => {
  expect(describePace(trace)).toBe("In reality it took 2.4 ms: this is 2,500 times slower.");
  expect(describePace({ ...trace, ended: 6_000_000 })).toBe("In reality it took 6 s.");
  expect(describePace({ ...trace, ended: 60_000_000 })).toBe(
    "In reality it took 1 min 0 s: this is 10 times faster.",
  );
});
