import { QueryClientProvider } from "@tanstack/react-query";
import { renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, test, vi } from "vitest";
import { newQueryClient } from "../api/queryClient";
import { queryKeys } from "../api/queryKeys";
import { fakeApi } from "../test/fakeApi";
import { useTimeLeft } from "./useTimeLeft";

const estimatedMs = 40_000;

function watch() {
  fakeApi({});
  const client = newQueryClient();
  client.setQueryData(queryKeys.estimate(7), { index: 7, digits: 2, bytes: 1, seconds: estimatedMs / 1_000 });
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const now = vi.spyOn(performance, "now").mockReturnValue(0);
  const hook = renderHook(({ progress }) => useTimeLeft(7, progress), {
    wrapper,
    initialProps: { progress: 0.2 },
  });
  return function at(ms: number, progress: number) {
    now.mockReturnValue(ms);
    hook.rerender({ progress });
    return hook.result.current;
  };
}

test("useTimeLeft replaces the estimate by the measured pace", () => {
  const at = watch();
  expect(at(500, 0.21)).toBeCloseTo(0.79 * estimatedMs);
  // A tenth took 2 s: seven tenths take 14 s.
  expect(at(2_000, 0.3)).toBeCloseTo(14_000);
  expect(at(10_000, 0.7)).toBeCloseTo(6_000);
});

test("useTimeLeft measures a calculation that starts over from its start", () => {
  const at = watch();
  at(10_000, 0.8);
  expect(at(20_000, 0)).not.toBeLessThan(0);
  expect(at(24_000, 0.1)).toBeCloseTo(36_000);
});
