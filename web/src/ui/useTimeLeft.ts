import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { costEstimate } from "../api/estimates";

/** Measured over less than this, a pace says little. */
const enoughMs = 1_000;
const enoughProgress = 0.02;

/**
 * How long a calculation will still take, in milliseconds: by the pace seen
 * since the component is there, and before that by the server's estimate.
 */
export function useTimeLeft(index: number, progress: number): number | undefined {
  const { data: estimate } = useQuery(costEstimate(index));
  const first = useRef<{ index: number; progress: number; at: number }>(undefined);
  const start = first.current;
  const now = performance.now();

  useEffect(() => {
    // One that begins anew, after its worker died, is measured anew.
    if (first.current?.index !== index || progress < first.current.progress) {
      first.current = { index, progress, at: performance.now() };
    }
  }, [index, progress]);

  if (start?.index === index) {
    const done = progress - start.progress;
    const ms = now - start.at;
    if (done >= enoughProgress && ms >= enoughMs) {
      return ((1 - progress) * ms) / done;
    }
  }
  return estimate && (1 - progress) * estimate.seconds * 1_000;
}
