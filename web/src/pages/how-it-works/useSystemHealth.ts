import type { LiveWorker } from "@pisano-dev/client";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { systemStatus } from "../../api/systemStatus";
import { useConnection } from "../../live/LiveUpdates";
import { healthOf, isEmbedded, type SystemHealth } from "./health";

interface System {
  health: SystemHealth;
  embedded: boolean | undefined;
  /** The workers that are alive, as the API last reported; undefined if it never did. */
  workers: LiveWorker[] | undefined;
  /** When the API last reported, in milliseconds. */
  reportedAt: number;
  /** Whether the API answered the last request. If not, what it reported may no longer hold. */
  isCurrent: boolean;
}

/** The state of the system, fetched at once when the stream of events breaks or is restored. */
export function useSystemHealth(): System {
  const connection = useConnection();
  const { data: status, refetch } = useQuery(systemStatus);
  useEffect(() => {
    if (connection !== "connecting") {
      void refetch();
    }
  }, [connection, refetch]);
  return {
    health: useMemo(() => healthOf(status, connection), [status, connection]),
    embedded: status && isEmbedded(status),
    workers: status?.workers,
    reportedAt: status?.reportedAt ?? 0,
    isCurrent: status?.answeredBy === "api",
  };
}
