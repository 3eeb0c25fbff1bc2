import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { forgetIndices, rememberIndex, useOwnIndices } from "./ownIndices";

beforeEach(() => {
  localStorage.clear();
  forgetIndices();
});

const kept = () => JSON.parse(localStorage.getItem("pisano-own-indices") ?? "null");

test("useOwnIndices follows what is remembered, the latest first and each once", () => {
  const { result } = renderHook(useOwnIndices);
  expect(result.current).toEqual([]);
  act(() => [10, -8, 10].forEach(rememberIndex));
  expect(result.current).toEqual([10, -8]);
  expect(kept()).toEqual([10, -8]);
  act(forgetIndices);
  expect(result.current).toEqual([]);
  expect(kept()).toBeNull();
});

test("useOwnIndices follows another tab", () => {
  const { result } = renderHook(useOwnIndices);
  localStorage.setItem("pisano-own-indices", "[7]");
  act(() => void window.dispatchEvent(new StorageEvent("storage", { key: "pisano-own-indices" })));
  expect(result.current).toEqual([7]);
});

test("rememberIndex keeps a hundred, and replaces what is not a list of indices", () => {
  const { result } = renderHook(useOwnIndices);
  localStorage.setItem("pisano-own-indices", '{"not": "a list"}');
  act(() => rememberIndex(1));
  expect(kept()).toEqual([1]);
  act(() => Array.from({ length: 150 }, (_, i) => i).forEach(rememberIndex));
  expect(result.current).toHaveLength(100);
  expect(result.current[0]).toBe(149);
});

test("rememberIndex works without storage, until the page is closed", () => {
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("denied");
  });
  const { result } = renderHook(useOwnIndices);
  act(() => rememberIndex(5));
  expect(result.current).toEqual([5]);
});
