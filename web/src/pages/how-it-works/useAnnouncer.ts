import { useCallback, useEffect, useRef, useState } from "react";

/** Leaves time to hear one sentence out before the next replaces it. */
const pauseMs = 4_000;

/** Announces a text; undefined announces nothing. */
type Announce = (text: string | undefined, importance?: "routine" | "important") => void;

/**
 * Returns the text for a polite live region, and a function that announces a text there. A text announced during the
 * pause after another waits for its end: what is important is all announced, and before what is routine, of which only
 * the last is.
 */
export function useAnnouncer(): [string, Announce] {
  const [announcement, setAnnouncement] = useState("");
  const important = useRef<string[]>([]);
  const routine = useRef<string>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const speakNext = useCallback(() => {
    timer.current = undefined;
    let next = routine.current;
    if (important.current.length > 0) {
      next = important.current.join(" ");
      important.current = [];
    } else {
      routine.current = undefined;
    }
    if (next !== undefined) {
      setAnnouncement(next);
      timer.current = setTimeout(speakNext, pauseMs);
    }
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);

  const announce = useCallback<Announce>(
    (text, importance = "routine") => {
      if (text === undefined) {
        return;
      }
      if (importance === "important") {
        important.current.push(text);
      } else {
        routine.current = text;
      }
      if (timer.current === undefined) {
        speakNext();
      }
    },
    [speakNext],
  );
  return [announcement, announce];
}
