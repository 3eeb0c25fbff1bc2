import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { useSteps } from "./useSteps";

beforeEach(() => void vi.useFakeTimers());

const steps = () => renderHook(() => useSteps({ first: 1, last: 4, initial: 2, pauseMs: 100 })).result;

test("useSteps plays to the last step, and from the first again", () => {
  const result = steps();
  act(() => result.current.play());
  act(() => vi.advanceTimersByTime(100));
  expect(result.current).toMatchObject({ step: 3, playing: true });
  act(() => vi.advanceTimersByTime(1_000));
  expect(result.current).toMatchObject({ step: 4, playing: false });
  act(() => result.current.play());
  expect(result.current).toMatchObject({ step: 1, playing: true });
});

test("useSteps stays within its range, and stops when a step is chosen", () => {
  const result = steps();
  act(() => result.current.play());
  act(() => result.current.seek(99));
  expect(result.current).toMatchObject({ step: 4, playing: false });
  act(() => result.current.seek(-1));
  act(() => vi.advanceTimersByTime(1_000));
  expect(result.current.step).toBe(1);
});
