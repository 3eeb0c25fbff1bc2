import { useEffect, useState } from "react";

/** Counts whole seconds down to 0, from the last change of `from` on. */
export function useCountdown(from: { seconds: number } | undefined): number | undefined {
  const [left, setLeft] = useState(from?.seconds);
  useEffect(() => {
    setLeft(from?.seconds);
    if (from === undefined) {
      return;
    }
    const end = performance.now() + from.seconds * 1_000;
    const timer = setInterval(() => {
      const rest = Math.max(0, Math.ceil((end - performance.now()) / 1_000));
      setLeft(rest);
      if (rest === 0) {
        clearInterval(timer);
      }
    }, 250);
    return () => clearInterval(timer);
  }, [from]);
  return left;
}
