import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { systemStatus } from "../../api/systemStatus";
import { useConnection } from "../../live/LiveUpdates";
import { healthOf, isEmbedded, type SystemHealth } from "./health";

/** The health of the parts, fetched at once when the stream of events breaks or is restored. */
export function useSystemHealth(): { health: SystemHealth; embedded: boolean | undefined } {
  const connection = useConnection();
  const { data: status, refetch } = useQuery(systemStatus);
  useEffect(() => {
    if (connection !== "connecting") {
      void refetch();
    }
  }, [connection, refetch]);
  return { health: healthOf(status, connection), embedded: status && isEmbedded(status) };
}
