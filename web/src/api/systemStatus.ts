import { type Part, ProblemError } from "@pisano-dev/client";
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { pisano } from "./client";
import { unreachable } from "./problem";
import { queryKeys } from "./queryKeys";

export interface SystemStatus {
  /** Who answered when the status was asked for: the API, something before it, or nobody. */
  answeredBy: "api" | "frontDoor" | "none";
  /** As the API last told; empty before that. */
  parts: Part[];
  /** What the browser speaks with, as far as that is known. */
  frontDoor?: "nginx" | "Pisano";
}

const pollMs = 5_000;
/** Longer than the server gives a part to show that it is there. */
const timeoutMs = 4_000;

/** How the parts of the system are; asked for again and again while it is shown. That nobody answers is an answer, too. */
export const systemStatus = queryOptions({
  queryKey: queryKeys.status,
  queryFn: async ({ client, signal }): Promise<SystemStatus> => {
    try {
      return await fetchStatus(signal);
    } catch (error) {
      if (signal.aborted) {
        throw error;
      }
      return { ...lastKnown(client), answeredBy: isAnswer(error) ? "frontDoor" : "none" };
    }
  },
  refetchInterval: pollMs,
});

async function fetchStatus(signal: AbortSignal): Promise<SystemStatus> {
  const { data, response } = await pisano.http.GET("/status", {
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
  if (data === undefined) {
    throw new Error(`the status was answered with ${response.status} and nothing`);
  }
  const server = response.headers.get("Server") ?? "";
  return {
    answeredBy: "api",
    parts: data.parts,
    frontDoor: server.startsWith("nginx") ? "nginx" : "Pisano",
  };
}

function lastKnown(client: QueryClient): Omit<SystemStatus, "answeredBy"> {
  return client.getQueryData<SystemStatus>(systemStatus.queryKey) ?? { parts: [] };
}

function isAnswer(error: unknown): boolean {
  return error instanceof ProblemError && error.problem !== unreachable;
}
