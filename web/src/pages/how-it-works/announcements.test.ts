import { expect, test } from "vitest";
import type { IndexEvent } from "../../live/events";
import { indexEvent } from "../../test/samples";
import { noActivity, recordEvents } from "./activity";
import { announceGone, announceTakeovers } from "./announcements";

const progress = (index: number, worker: string, delivery: number): IndexEvent =>
  indexEvent("progress", index, { progress: 0.1, worker, delivery });

test("announceTakeovers gives the last one, with its reason, and counts the others", () => {
  const first = recordEvents(noActivity, [progress(10, "AAAAAA", 1), progress(20, "AAAAAA", 1)]);
  expect(announceTakeovers(noActivity.takeovers, first.takeovers)).toBeUndefined();
  const second = recordEvents(first, [progress(10, "BBBBBB", 2)]);
  const sentence = "goes to worker BBBBB, because the lease of worker AAAAA has expired.";
  expect(announceTakeovers(first.takeovers, second.takeovers)).toBe(`F(10) ${sentence}`);
  expect(announceTakeovers(second.takeovers, second.takeovers)).toBeUndefined();
  const third = recordEvents(second, [progress(20, "BBBBBB", 2)]);
  expect(announceTakeovers(first.takeovers, third.takeovers)).toBe(
    `2 calculations had to start again. F(20) ${sentence}`,
  );
});

test("announceGone names a worker that is gone, and counts several", () => {
  expect(announceGone([])).toBeUndefined();
  expect(announceGone(["AAAAAA"])).toBe("Worker AAAAA is gone.");
  expect(announceGone(["AAAAAA", "BBBBBB"])).toBe("2 workers are gone.");
});
