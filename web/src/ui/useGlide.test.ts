import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { useGlide } from "./useGlide";

beforeEach(() => void vi.useFakeTimers());

function glide(mayMove = true) {
  const { result, rerender } = renderHook(({ target }) => useGlide(target, mayMove), {
    initialProps: { target: 10 },
  });
  return { place: () => result.current, goTo: (target: number) => rerender({ target }) };
}

const pass = (ms: number) => act(() => vi.advanceTimersByTime(ms));

test("useGlide moves to the next step and back, from wherever it is", () => {
  const { place, goTo } = glide();
  goTo(11);
  expect(place()).toBe(10);
  pass(200);
  const halfway = place();
  expect(halfway).toBeGreaterThan(10);
  expect(halfway).toBeLessThan(11);
  goTo(10);
  expect(place()).toBe(halfway);
  pass(1_000);
  expect(place()).toBe(10);
  goTo(11);
  pass(1_000);
  expect(place()).toBe(11);
});

test("useGlide is at once where more than a step away", () => {
  const { place, goTo } = glide();
  goTo(30);
  expect(place()).toBe(30);
  goTo(29);
  pass(200);
  goTo(1);
  expect(place()).toBe(1);
});

test("useGlide does not move where nothing may, or where the reader prefers no motion", () => {
  const still = glide(false);
  still.goTo(11);
  expect(still.place()).toBe(11);

  const { matchMedia } = window;
  vi.stubGlobal("matchMedia", (query: string) => ({ ...matchMedia(query), matches: true }));
  const reduced = glide();
  reduced.goTo(11);
  expect(reduced.place()).toBe(11);
});
