import { type LiveWorker, type Part, ProblemError, type Recovery } from "@pisano-dev/client";
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { dataOf, pisano, timedSignal } from "./client";
import { unreachable } from "./problem";
import { queryKeys } from "./queryKeys";

export interface SystemStatus {
  /** What answered the last request: the API, something in front of it, or nothing. */
  answeredBy: "api" | "frontDoor" | "none";
  /** As the API last reported them; empty before that. */
  parts: Part[];
  /** The recovery of lost values, as the API last reported it. */
  recovery?: Recovery;
  /** The workers that were alive as the API last reported them; undefined if there were none. */
  workers?: LiveWorker[];
  /** When the API last reported, in milliseconds; undefined if it never did. */
  reportedAt?: number;
  /** What the browser is connected to, if known. */
  frontDoor?: "nginx" | "Pisano";
}

/** As often as workers announce themselves. */
const pollMs = 2_500;
/** Longer than the server waits for one of its parts. */
const timeoutMs = 4_000;

/** The status of the parts of the system, polled while it is shown. No answer is a status too, not an error. */
export const systemStatus = queryOptions({
  queryKey: queryKeys.status,
  queryFn: async ({ client, signal }): Promise<SystemStatus> => {
    try {
      return await fetchStatus(signal);
    } catch (error) {
      if (signal.aborted) {
        throw error;
      }
      return { ...lastStatus(client), answeredBy: isAnswer(error) ? "frontDoor" : "none" };
    }
  },
  refetchInterval: pollMs,
});

async function fetchStatus(signal: AbortSignal): Promise<SystemStatus> {
  const timed = timedSignal(signal, timeoutMs);
  const answer = await pisano.http.GET("/status", { signal: timed.signal }).finally(timed.clear);
  const { parts, recovery, workers } = dataOf(answer);
  const server = answer.response.headers.get("Server") ?? "";
  return {
    answeredBy: "api",
    parts,
    recovery,
    ...(workers !== undefined && { workers }),
    reportedAt: Date.now(),
    frontDoor: server.startsWith("nginx") ? "nginx" : "Pisano",
  };
}

function lastStatus(client: QueryClient): Omit<SystemStatus, "answeredBy"> {
  return client.getQueryData<SystemStatus>(queryKeys.status) ?? { parts: [] };
}

/** Reports whether a failed request was answered at all. */
function isAnswer(error: unknown): boolean {
  return error instanceof ProblemError && error.problem !== unreachable;
}
