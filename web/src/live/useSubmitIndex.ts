import { useMutation, useQueryClient } from "@tanstack/react-query";
import { submitIndex } from "../api/indices";
import { queryKeys } from "../api/queryKeys";
import { refetch } from "./refetch";

/** Submits indices. What it changes is shown even while no events arrive. */
export function useSubmitIndex() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: submitIndex,
    onSuccess: ({ index }) => {
      void refetch(client, queryKeys.indices);
      void refetch(client, queryKeys.valueState(index));
    },
  });
}
