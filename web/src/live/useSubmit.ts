import { type QueryClient, type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { pisano } from "../api/client";
import { queryKeys } from "../api/queryKeys";
import { refetch } from "./refetch";

/** Submits an index, and refetches what that changes, so that it shows even while no events arrive. */
export function useSubmitIndex() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (index: number) => pisano.submit(index),
    onSuccess: ({ index }) => refetchEach(client, queryKeys.indices, queryKeys.valueState(index)),
  });
}

/** Submits many indices at once. */
export function useSubmitIndices() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (indices: number[]) => pisano.submitAll(indices),
    onSuccess: () => refetchEach(client, queryKeys.indices, queryKeys.values, queryKeys.valueStates),
  });
}

function refetchEach(client: QueryClient, ...keys: QueryKey[]): void {
  for (const key of keys) {
    void refetch(client, key);
  }
}
