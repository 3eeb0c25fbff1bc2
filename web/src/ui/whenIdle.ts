import { startTransition } from "react";

/** Tasks that are run together: few enough that a user who types or taps does not notice them on a slow phone. */
const atOnce = 4;
/** A browser that is never idle runs some after this time. */
const longestMs = 500;

const waiting = new Set<() => void>();
let scheduled = false;

/** Changes the state of a component when the browser has nothing else to do, unless it is cancelled before. */
export function whenIdle(change: () => void): () => void {
  waiting.add(change);
  schedule();
  return () => waiting.delete(change);
}

function schedule() {
  if (scheduled || waiting.size === 0) {
    return;
  }
  scheduled = true;
  if ("requestIdleCallback" in window) {
    requestIdleCallback(run, { timeout: longestMs });
  } else {
    setTimeout(run, 50); // Safari
  }
}

function run() {
  scheduled = false;
  startTransition(() => {
    for (const change of [...waiting].slice(0, atOnce)) {
      waiting.delete(change);
      change();
    }
  });
  schedule();
}
