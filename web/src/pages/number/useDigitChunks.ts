import { ProblemError } from "@pisano-dev/client";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { digitReader } from "../../api/digits";
import { queryKeys } from "../../api/queryKeys";
import type { CalculatedValue } from "../../api/values";
import { useConnection } from "../../live/LiveUpdates";
import { refetch } from "../../live/refetch";
import { DigitChunks } from "./digitChunks";

/**
 * The digits of a value, as far as they are there. What failed is tried again
 * when the server is back, or has calculated anew what it had dropped.
 */
export function useDigitChunks({ index, digitCount, calculatedAt }: CalculatedValue): DigitChunks {
  const client = useQueryClient();
  const connection = useConnection();
  const chunks = useMemo(() => {
    const read = digitReader(index);
    return new DigitChunks(digitCount, async (...range) => {
      try {
        return await read(...range);
      } catch (error) {
        if (error instanceof ProblemError && error.problem.kind === "notReady") {
          void refetch(client, queryKeys.valueState(index));
        }
        throw error;
      }
    });
  }, [client, index, digitCount]);
  useSyncExternalStore(chunks.subscribe, chunks.version);

  useEffect(() => () => chunks.request([]), [chunks]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a value calculated later may be there where it was not.
  useEffect(() => {
    if (connection === "live") {
      chunks.retry();
    }
  }, [chunks, connection, calculatedAt]);

  return chunks;
}
