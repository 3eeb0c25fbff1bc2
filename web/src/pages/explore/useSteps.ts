import { useEffect, useState } from "react";

interface Range {
  first: number;
  last: number;
  initial: number;
  /** How long each step stays when they are played, in milliseconds. */
  pauseMs: number;
}

/** A step of a range, which is chosen or played. */
export function useSteps({ first, last, initial, pauseMs }: Range) {
  const [{ step, playing }, setState] = useState({ step: initial, playing: false });
  useEffect(() => {
    if (!playing) {
      return;
    }
    const timer = setInterval(
      () => setState(({ step }) => ({ step: Math.min(last, step + 1), playing: step + 1 < last })),
      pauseMs,
    );
    return () => clearInterval(timer);
  }, [playing, last, pauseMs]);
  return {
    step,
    playing,
    /** Chooses a step, the nearest of the range. */
    seek: (step: number) => setState({ step: Math.max(first, Math.min(last, step)), playing: false }),
    /** Goes on, or starts from the first step once the last is reached. */
    play: () => setState({ step: step < last ? step : first, playing: true }),
    pause: () => setState({ step, playing: false }),
  };
}
