import { expect, test } from "vitest";
import { indexEvent } from "../../test/samples";
import { createRepeatFilter } from "./repeats";

test("createRepeatFilter tells a repeated event from another one of the same index", () => {
  const isNew = createRepeatFilter();
  const first = indexEvent("calculated", 10);
  const later = { at: "2026-11-24T10:00:02Z" };
  expect(isNew(indexEvent("seen", 10))).toBe(true);
  expect(isNew(first)).toBe(true);
  expect(isNew(indexEvent("calculated", 20))).toBe(true);
  expect(isNew(indexEvent("calculated", 10, later))).toBe(true);
  expect(isNew({ ...first })).toBe(false);
  expect([1, 2].map(() => isNew(indexEvent("progress", 10)))).toEqual([true, true]);
});

test("createRepeatFilter remembers the latest events", () => {
  const isNew = createRepeatFilter();
  for (let index = 0; index <= 1_000; index++) {
    isNew(indexEvent("seen", index));
  }
  expect(isNew(indexEvent("seen", 1))).toBe(false);
  expect(isNew(indexEvent("seen", 0))).toBe(true);
});
