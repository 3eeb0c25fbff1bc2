import { useReducedMotion } from "@mantine/hooks";
import { useEffect, useState } from "react";

/** How long it takes to draw all lines, in seconds: the more there are, the longer, within reason. */
export function drawingSeconds(lines: number): number {
  return Math.min(24, Math.max(2, lines / 4));
}

/** Readers who prefer no motion see the lines appear whole, this often a second at most. */
const stillStepsPerSecond = 2;

interface Drawing {
  /** Of which wheel. */
  modulus: number;
  /** How many lines are drawn, the last one perhaps in part. */
  drawn: number;
  playing: boolean;
  /** The number of the line that was pointed at since. */
  pointedAt?: number | undefined;
}

/** The drawing of the lines of a wheel one after the other. It begins complete, and does so again for another modulus. */
export function useDrawing(modulus: number, lines: number) {
  const still = useReducedMotion();
  const [state, setState] = useState<Drawing>({ modulus, drawn: lines, playing: false });
  const current = (drawing: Drawing) =>
    drawing.modulus === modulus ? drawing : { modulus, drawn: lines, playing: false };
  const { drawn, playing, pointedAt }: Drawing = current(state);

  useEffect(() => {
    if (!playing) {
      return;
    }
    const perMs = lines / (drawingSeconds(lines) * 1_000);
    let frame = requestAnimationFrame(begin);
    function begin(start: number) {
      let last = start;
      frame = requestAnimationFrame(function draw(now) {
        frame = requestAnimationFrame(draw);
        if (still && now - last < 1_000 / stillStepsPerSecond) {
          return;
        }
        const more = (now - last) * perMs;
        last = now;
        setState((before) => {
          const drawn = Math.min(lines, before.drawn + (still ? Math.ceil(more) : more));
          return { ...before, drawn, playing: drawn < lines };
        });
      });
    }
    return () => cancelAnimationFrame(frame);
  }, [playing, lines, still]);

  return {
    drawn,
    playing,
    pointedAt,
    point: (line: number | undefined) => setState((before) => ({ ...current(before), pointedAt: line })),
    /** Goes on, or starts from the beginning once all lines are drawn. */
    play: () => setState({ modulus, drawn: drawn < lines ? drawn : 0, playing: true }),
    /** Stops at the end of a line. */
    pause: () => setState({ modulus, drawn: Math.ceil(drawn), playing: false }),
    seek: (line: number) => setState({ modulus, drawn: line, playing: false }),
  };
}
