import { expect, test } from "vitest";
import { scrollRange } from "./scrollRange";

test("scrollRange maps pixel to pixel where the content fits into an element", () => {
  const range = scrollRange(1_000, 1_000, 100);
  expect(range.height).toBe(1_000);
  expect(range.toContent(423)).toBe(423);
  expect(range.toScroll(423)).toBe(423);
});

test("scrollRange maps pixel to pixel near both ends of taller content", () => {
  const range = scrollRange(50_000, 1_000, 100);
  expect(range.height).toBe(1_000);
  expect([0, 60, 100].map(range.toContent)).toEqual([0, 60, 100]);
  // The last screen, of 200 pixels, and the 50 before it.
  expect(range.toContent(900)).toBe(49_900);
  expect(range.toContent(950)).toBe(49_950);
  expect(range.toContent(1_000)).toBe(50_000);
});

test("scrollRange is monotonic and has an inverse", () => {
  const range = scrollRange(50_000, 1_000, 100);
  let before = -1;
  for (let top = 0; top <= 1_000; top++) {
    const content = range.toContent(top);
    expect(content).toBeGreaterThan(before);
    expect(range.toScroll(content)).toBeCloseTo(top);
    before = content;
  }
  expect(range.toContent(500)).toBe(25_000);
});
