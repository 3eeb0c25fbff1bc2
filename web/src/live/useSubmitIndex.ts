import { useMutation, useQueryClient } from "@tanstack/react-query";
import { seenIndices, submitIndex } from "../api/indices";
import { valueState } from "../api/values";
import { refetch } from "./refetch";

/** Submits indices. What it changes is shown even while no events arrive. */
export function useSubmitIndex() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: submitIndex,
    onSuccess: ({ index }) => {
      void refetch(client, seenIndices.queryKey);
      void refetch(client, valueState(index).queryKey);
    },
  });
}
