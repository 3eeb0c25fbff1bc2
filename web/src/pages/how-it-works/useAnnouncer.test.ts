import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { useAnnouncer } from "./useAnnouncer";

beforeEach(() => {
  vi.useFakeTimers();
});

function announcer() {
  const { result } = renderHook(useAnnouncer);
  return {
    announce: (...args: Parameters<(typeof result.current)[1]>) => act(() => result.current[1](...args)),
    pass: () => act(() => vi.advanceTimersByTime(4_000)),
    spoken: () => result.current[0],
  };
}

test("useAnnouncer speaks at once, and lets a sentence be heard out", () => {
  const { announce, pass, spoken } = announcer();
  announce("F(10) is 55.");
  expect(spoken()).toBe("F(10) is 55.");
  announce("F(11) is 89.");
  announce("F(12) is 144.");
  expect(spoken()).toBe("F(10) is 55.");
  pass();
  expect(spoken()).toBe("F(12) is 144.");
});

test("useAnnouncer loses nothing important to what is routine", () => {
  const { announce, pass, spoken } = announcer();
  announce("F(10) is 55.");
  announce("Worker AAAAA is gone.", "important");
  announce("F(5,000) goes to worker BBBBB.", "important");
  announce("F(12) is 144.");
  pass();
  expect(spoken()).toBe("Worker AAAAA is gone. F(5,000) goes to worker BBBBB.");
  pass();
  expect(spoken()).toBe("F(12) is 144.");
});
