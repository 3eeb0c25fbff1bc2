import { expect, test } from "vitest";
import type { IndexEvent } from "../../live/events";
import { indexEvent } from "../../test/samples";
import { noActivity, recordEvents } from "./activity";
import { announceTakeovers, announceWorkers } from "./announcements";

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

test("announceWorkers names a worker that is gone, and counts several", () => {
  const worker = (name: string) => ({ name, silentSeconds: 1 });
  const all = [worker("AAAAAA"), worker("BBBBBB"), worker("CCCCCC")];
  expect(announceWorkers(all, all)).toBeUndefined();
  expect(announceWorkers(all, all.slice(1))).toBe("Worker AAAAA is gone.");
  expect(announceWorkers(all, all.slice(2))).toBe("2 workers are gone.");
  expect(announceWorkers(all.slice(1), all)).toBeUndefined();
  expect(announceWorkers(all, undefined)).toBeUndefined();
  expect(announceWorkers(undefined, all)).toBeUndefined();
});
