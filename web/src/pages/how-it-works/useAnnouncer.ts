import { useCallback, useEffect, useRef, useState } from "react";

/** Whoever listens should hear the end of one sentence before the next begins. */
const pauseMs = 4_000;

/**
 * Returns the text for a polite live region, and the function that has something
 * said there. What is said while another text stands waits until that has been
 * heard; of many, only the last. No text, no change.
 */
export function useAnnouncer(): [string, (text: string | undefined) => void] {
  const [said, setSaid] = useState("");
  const waiting = useRef<string>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const speak = useCallback((text: string) => {
    setSaid(text);
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

  const say = useCallback(
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
  return [said, say];
}
