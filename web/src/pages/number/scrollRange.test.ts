import { expect, test } from "vitest";
import { scrollRange } from "./scrollRange";

test("content that fits into an element is scrolled pixel by pixel", () => {
  const range = scrollRange(1_000, 1_000, 100);
  expect(range.height).toBe(1_000);
  expect(range.toContent(423)).toBe(423);
  expect(range.toScroll(423)).toBe(423);
});

test("of content that is too high both ends are reached, pixel by pixel", () => {
  const range = scrollRange(50_000, 1_000, 100);
  expect(range.height).toBe(1_000);
  expect([0, 60, 100].map(range.toContent)).toEqual([0, 60, 100]);
  // The last screen, of 200 pixels, and the 50 before it.
  expect(range.toContent(900)).toBe(49_900);
  expect(range.toContent(950)).toBe(49_950);
  expect(range.toContent(1_000)).toBe(50_000);
});

test("scrolling down never goes up, and back leads to the same place", () => {
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
