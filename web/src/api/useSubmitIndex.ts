import { useMutation, useQueryClient } from "@tanstack/react-query";
import { seenIndices, submitIndex } from "./indices";
import { valueState } from "./values";

/** Submits indices. What it changes is shown even while no events arrive. */
export function useSubmitIndex() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: submitIndex,
    onSuccess: ({ index }) => {
      void client.invalidateQueries({ queryKey: seenIndices.queryKey });
      void client.invalidateQueries({ queryKey: valueState(index).queryKey });
    },
  });
}
