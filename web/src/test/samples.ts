import type { SeenIndex } from "../api/indices";
import type { CalculatedValue } from "../api/values";
import type { IndexEvent } from "../live/events";

export function seen(index: number, changes: Partial<SeenIndex> = {}): SeenIndex {
  return {
    index,
    state: "pending",
    firstSeenAt: "2026-11-24T10:00:00Z",
    lastSeenAt: "2026-11-24T10:00:00Z",
    submissions: 1,
    ...changes,
  };
}

/** The answer to the submission of one index. */
export function accepted(item: SeenIndex): object {
  return { ...item, items: [item] };
}

export function calculated(index: number, value: string): CalculatedValue {
  return {
    index,
    sign: value.startsWith("-") ? -1 : 1,
    digitCount: value.replace("-", "").length,
    value,
    calculatedAt: "2026-11-24T10:00:00Z",
    durationMs: 2,
  };
}

export function indexEvent(
  kind: IndexEvent["kind"],
  index: number,
  changes: Partial<IndexEvent> = {},
): IndexEvent {
  return { kind, index, at: "2026-11-24T10:00:01Z", ...changes };
}

/** F(n) by its definition. */
export function fibonacci(n: number): bigint {
  let [a, b] = [0n, 1n];
  for (let i = 0; i < n; i++) {
    [a, b] = [b, a + b];
  }
  return a;
}
