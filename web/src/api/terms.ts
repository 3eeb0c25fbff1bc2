import { queryOptions, useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { refetch } from "../live/refetch";
import { pisano } from "./client";
import { pageIn } from "./page";
import { isNotFound } from "./problem";
import { queryKeys } from "./queryKeys";
import { type CalculatedValue, valueIn, valueState } from "./values";

/** As many values as the server hands out at a time. */
const maxPageSize = 200;

/** The newest values. The key begins with that of the list, so that both are refetched together. */
const newestValues = queryOptions({
  queryKey: queryKeys.newestValues,
  queryFn: async ({ signal }) =>
    await pageIn<CalculatedValue>(
      pisano.http.GET("/values", { params: { query: { limit: maxPageSize } }, signal }),
    ),
});

/** Calculated values at hand: the newest, and those of the indices asked for. */
export interface Terms {
  values: Map<number, CalculatedValue>;
  /** Those of the indices asked for that are known to have no value. */
  missing: number[];
  isPending: boolean;
  /** Why some are neither there nor known to be missing. */
  error: Error | null;
  refetch(): void;
}

/** Fetches the newest values, which may be all there are, and of the indices given those that are not among them. */
export function useTerms(indices: readonly number[]): Terms {
  const newest = useQuery(newestValues);
  const values = new Map(newest.data?.items.map((value) => [value.index, value]));
  const others = indices.filter((index) => !values.has(index));
  const wholeList = newest.data !== undefined && newest.data.nextCursor === undefined;
  const asked = useQueries({
    queries: others.map((index) => ({
      ...valueState(index),
      enabled: newest.data !== undefined && !wholeList,
    })),
  });

  const missing: number[] = [];
  let error = newest.error;
  for (const [i, index] of others.entries()) {
    const state = asked[i];
    const value = state?.data && valueIn(state.data);
    if (value !== undefined) {
      values.set(index, value);
    } else if (wholeList || state?.data !== undefined || isNotFound(state?.error)) {
      missing.push(index);
    } else {
      error ??= state?.error ?? null;
    }
  }
  const isPending =
    newest.isPending || (!wholeList && asked.some((state) => state.isPending && state.isEnabled));
  const refetchAll = () => {
    for (const query of [newest, ...asked]) {
      if (query.isError) {
        void query.refetch();
      }
    }
  };
  return { values, missing, isPending, error, refetch: refetchAll };
}

/** Submits many indices at once. What it changes is shown even while no events arrive. */
export function useSubmitIndices() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (indices: number[]) => pisano.submitAll(indices),
    onSuccess: () => {
      for (const queryKey of [queryKeys.indices, queryKeys.values, queryKeys.valueStates]) {
        void refetch(client, queryKey);
      }
    },
  });
}
