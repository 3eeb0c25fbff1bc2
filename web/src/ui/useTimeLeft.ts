import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { costEstimate } from "../api/estimates";

/** A pace measured over less than this is too inexact. */
const minMs = 1_000;
const minProgress = 0.02;

/**
 * Returns the time that a calculation has left, in milliseconds: by the pace
 * since the component was mounted, or at first by the server's estimate.
 */
export function useTimeLeft(index: number, progress: number): number | undefined {
  const { data: estimate } = useQuery(costEstimate(index));
  const first = useRef<{ index: number; progress: number; at: number }>(undefined);
  const start = first.current;
  const now = performance.now();

  useEffect(() => {
    // A calculation that starts over, because its worker died, is measured from its start.
    if (first.current?.index !== index || progress < first.current.progress) {
      first.current = { index, progress, at: performance.now() };
    }
  }, [index, progress]);

  if (start?.index === index) {
    const done = progress - start.progress;
    const ms = now - start.at;
    if (done >= minProgress && ms >= minMs) {
      return ((1 - progress) * ms) / done;
    }
  }
  return estimate && (1 - progress) * estimate.seconds * 1_000;
}
