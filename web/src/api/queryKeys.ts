import type { Index } from "../numbers/largeIndex";

/**
 * The keys under which fetched data is cached. A key covers every key that begins with it: refetching
 * valueStates refetches the state of each index.
 */
export const queryKeys = {
  indices: ["indices"],
  values: ["values"],
  valueStates: ["value"],
  valueState: (index: number | undefined) => ["value", index] as const,
  estimate: (index: number | undefined) => ["estimate", index] as const,
  facts: (index: Index) => ["facts", String(index)] as const,
  period: (modulus: Index) => ["period", String(modulus)] as const,
  numbers: (from: number, to: number) => ["numbers", from, to] as const,
  digitCounts: (index: number) => ["digitCounts", index] as const,
  foundDigits: (index: number, digits: string) => ["foundDigits", index, digits] as const,
  status: ["status"],
} as const;
