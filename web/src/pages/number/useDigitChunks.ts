import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { digitReader } from "../../api/digits";
import { isNotReady } from "../../api/problem";
import { queryKeys } from "../../api/queryKeys";
import type { CalculatedValue } from "../../api/values";
import { useConnection } from "../../live/LiveUpdates";
import { refetch } from "../../live/refetch";
import { DigitChunks } from "./digitChunks";

/**
 * Returns the digits of a value as they are loaded. What failed is loaded again
 * once the server is back, or has calculated evicted digits again.
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
        if (isNotReady(error)) {
          void refetch(client, queryKeys.valueState(index));
        }
        throw error;
      }
    });
  }, [client, index, digitCount]);
  useSyncExternalStore(chunks.subscribe, chunks.version);

  useEffect(() => () => chunks.request([]), [chunks]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a value calculated later may have what was missing.
  useEffect(() => {
    if (connection === "live") {
      chunks.retry();
    }
  }, [chunks, connection, calculatedAt]);

  return chunks;
}
