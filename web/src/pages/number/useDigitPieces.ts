import { ProblemError } from "@pisano-dev/client";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { digitReader } from "../../api/digits";
import { type CalculatedValue, valueState } from "../../api/values";
import { useConnection } from "../../live/LiveUpdates";
import { refetch } from "../../live/refetch";
import { DigitPieces } from "./digitPieces";

/**
 * The digits of a value, as far as they are there. What failed is tried again
 * when the server is back, or has calculated anew what it had dropped.
 */
export function useDigitPieces({ index, digitCount, calculatedAt }: CalculatedValue): DigitPieces {
  const client = useQueryClient();
  const connection = useConnection();
  const pieces = useMemo(() => {
    const read = digitReader(index);
    return new DigitPieces(digitCount, async (...range) => {
      try {
        return await read(...range);
      } catch (error) {
        if (error instanceof ProblemError && error.problem.kind === "notReady") {
          void refetch(client, valueState(index).queryKey);
        }
        throw error;
      }
    });
  }, [client, index, digitCount]);
  useSyncExternalStore(pieces.subscribe, pieces.version);

  useEffect(() => () => pieces.want([]), [pieces]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a value calculated later may be there where it was not.
  useEffect(() => {
    if (connection === "live") {
      pieces.retry();
    }
  }, [pieces, connection, calculatedAt]);

  return pieces;
}
