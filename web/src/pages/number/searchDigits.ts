import { type Problem, ProblemError } from "@pisano-dev/client";
import { queryOptions } from "@tanstack/react-query";
import { unreachable } from "../../api/problem";
import { queryKeys } from "../../api/queryKeys";
import type { FoundDigits } from "./digitSearch";

/** What a worker is to find. */
export interface SearchRequest {
  index: number;
  /** The digits to find in F(index). */
  wanted: string;
}

/** What it found so far, or why it failed. */
export type SearchResponse =
  | { found: FoundDigits; done: boolean }
  | { problem: Problem; retryAfter: number | undefined }
  | { fault: string };

/** Finds digits in a calculated value, all of which a worker reads once. Cancelling the query ends the worker. */
export function foundDigits(request: SearchRequest, onProgress: (found: FoundDigits) => void) {
  return queryOptions({
    queryKey: queryKeys.foundDigits(request.index, request.wanted),
    queryFn: ({ signal }) => search(request, onProgress, signal),
    // A value never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

function search(
  request: SearchRequest,
  onProgress: (found: FoundDigits) => void,
  signal: AbortSignal,
): Promise<FoundDigits> {
  const worker = new Worker(new URL("./searchDigits.worker.ts", import.meta.url), { type: "module" });
  const result = new Promise<FoundDigits>((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
    // The script could not be loaded.
    worker.addEventListener("error", () => reject(new ProblemError(unreachable)));
    worker.addEventListener("message", ({ data }: MessageEvent<SearchResponse>) => {
      if ("problem" in data) {
        reject(new ProblemError(data.problem, data.retryAfter));
      } else if ("fault" in data) {
        reject(new Error(data.fault));
      } else if (data.done) {
        resolve(data.found);
      } else {
        onProgress(data.found);
      }
    });
  });
  worker.postMessage(request);
  return result.finally(() => worker.terminate());
}
