import { useReducedMotion } from "@mantine/hooks";
import { useEffect, useState } from "react";
import { replayMs } from "./replay";
import type { Trace } from "./traces";

/** Plays a trace, again for each run: returns the time that it has come to, in microseconds. Without motion it is at its end at once. */
export function useReplay({ ended = 0 }: Trace, run: number): number {
  const still = useReducedMotion();
  const [share, setShare] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each run starts from the beginning.
  useEffect(() => {
    if (still) {
      return;
    }
    let frame = 0;
    let begin: number | undefined;
    const draw = (time: number) => {
      begin ??= time;
      const played = Math.min(1, (time - begin) / replayMs);
      setShare(played);
      if (played < 1) {
        frame = requestAnimationFrame(draw);
      }
    };
    frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [run, still]);
  return (still ? 1 : share) * ended;
}
