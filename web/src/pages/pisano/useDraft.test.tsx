import { act, renderHook } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { beforeEach, expect, test, vi } from "vitest";
import { useDraft } from "./useDraft";

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

const choose = (opened: number) =>
  renderHook(({ opened }) => useDraft(opened), { initialProps: { opened }, wrapper: MemoryRouter });

/** Waits until a choice is on its way into the address. */
const settle = () => act(() => vi.advanceTimersByTimeAsync(1_000));

test("What is chosen while an earlier choice is on its way into the address stays", async () => {
  const { result, rerender } = choose(10);
  act(() => result.current[1](11));
  await settle();
  act(() => result.current[1](12));
  rerender({ opened: 11 });
  expect(result.current[0]).toBe(12);
  await settle();
  rerender({ opened: 12 });
  expect(result.current[0]).toBe(12);
});

test("Another address ends what was being chosen", async () => {
  const { result, rerender } = choose(10);
  act(() => result.current[1](11));
  await settle();
  act(() => result.current[1](12));
  rerender({ opened: 97 });
  await settle();
  expect(result.current[0]).toBe(97);
});
