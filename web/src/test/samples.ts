import type { SeenIndex } from "../api/indices";
import type { CalculatedValue } from "../api/values";

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
