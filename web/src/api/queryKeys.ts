/**
 * The keys under which fetched data is cached. A key covers every key that begins with it: refetching
 * valueStates refetches the state of each index.
 */
export const queryKeys = {
  indices: ["indices"],
  values: ["values"],
  newestValues: ["values", "newest"],
  valueStates: ["value"],
  valueState: (index: number | undefined) => ["value", index] as const,
  estimate: (index: number | undefined) => ["estimate", index] as const,
  digitCounts: (index: number) => ["digitCounts", index] as const,
  status: ["status"],
} as const;
