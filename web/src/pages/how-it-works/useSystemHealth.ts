import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { systemStatus } from "../../api/systemStatus";
import { useConnection } from "../../live/LiveUpdates";
import { healthOf, isEmbedded, type SystemHealth } from "./health";

/** How the parts are at present; looked at at once when events cease or come again. */
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
