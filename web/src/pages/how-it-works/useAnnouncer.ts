import { useCallback, useEffect, useRef, useState } from "react";

/** Leaves time to hear one sentence out before the next replaces it. */
const pauseMs = 4_000;

/**
 * Returns the text for a polite live region, and a function that announces a
 * text there. A text announced during the pause after another waits for its end;
 * of several that wait, only the last is announced. undefined announces nothing.
 */
export function useAnnouncer(): [string, (text: string | undefined) => void] {
  const [announcement, setAnnouncement] = useState("");
  const waiting = useRef<string>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const speak = useCallback((text: string) => {
    setAnnouncement(text);
    timer.current = setTimeout(() => {
      timer.current = undefined;
      if (waiting.current !== undefined) {
        const next = waiting.current;
        waiting.current = undefined;
        speak(next);
      }
    }, pauseMs);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);

  const announce = useCallback(
    (text: string | undefined) => {
      if (text === undefined) {
        return;
      }
      if (timer.current === undefined) {
        speak(text);
      } else {
        waiting.current = text;
      }
    },
    [speak],
  );
  return [announcement, announce];
}
