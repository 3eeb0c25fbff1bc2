import type { IndexEvent } from "../../live/events";

/** How many of the latest events are remembered. A repeated one follows the first within seconds. */
const maxKnown = 1_000;

/**
 * Returns a function that tells whether an event is new: one whose publication seemed to fail is published again. Progress
 * always is, as it only replaces earlier progress.
 */
export function createRepeatFilter(): (event: IndexEvent) => boolean {
  const known = new Set<string>();
  return ({ kind, index, at }) => {
    if (kind === "progress") {
      return true;
    }
    const key = `${kind} ${index} ${at}`;
    if (known.has(key)) {
      return false;
    }
    known.add(key);
    if (known.size > maxKnown) {
      const [oldest = ""] = known;
      known.delete(oldest);
    }
    return true;
  };
}
