import { useQueries, useQuery } from "@tanstack/react-query";
import { isNotFound } from "../../api/problem";
import { type CalculatedValue, newestValues, valueIn, valueState } from "../../api/values";

/** Calculated values: the newest, and those of the requested indices. */
export interface Terms {
  values: Map<number, CalculatedValue>;
  /** The requested indices that have no value. */
  missing: number[];
  isPending: boolean;
  /** Why it is not known of some indices whether they have a value. */
  error: Error | null;
  /** Fetches again what could not be fetched. */
  refetch(): void;
}

/** Fetches the newest values, and one by one those of the indices that are not among them. */
export function useTerms(indices: readonly number[]): Terms {
  const newest = useQuery(newestValues);
  const values = new Map(newest.data?.items.map((value) => [value.index, value]));
  const others = indices.filter((index) => !values.has(index));
  const isWholeList = newest.data !== undefined && newest.data.nextCursor === undefined;
  const states = useQueries({
    queries: others.map((index) => ({
      ...valueState(index),
      enabled: newest.data !== undefined && !isWholeList,
    })),
  });

  const missing: number[] = [];
  let error = newest.error;
  for (const [i, index] of others.entries()) {
    const state = states[i];
    const value = state?.data && valueIn(state.data);
    if (value !== undefined) {
      values.set(index, value);
    } else if (isWholeList || state?.data !== undefined || isNotFound(state?.error)) {
      missing.push(index);
    } else {
      error ??= state?.error ?? null;
    }
  }
  const isPending =
    newest.isPending || (!isWholeList && states.some((state) => state.isPending && state.isEnabled));
  const refetchFailed = () => {
    for (const query of [newest, ...states]) {
      if (query.isError) {
        void query.refetch();
      }
    }
  };
  return { values, missing, isPending, error, refetch: refetchFailed };
}
