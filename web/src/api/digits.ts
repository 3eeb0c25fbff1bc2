import { ProblemError } from "@pisano-dev/client";
import { queryOptions } from "@tanstack/react-query";
import { pisano } from "./client";
import { unreachable } from "./problem";
import { queryKeys } from "./queryKeys";

/** Reads some digits of one value; the first is number 0. */
export type ReadDigits = (first: number, count: number, signal: AbortSignal) => Promise<string>;

/** What a reader throws when the value is another than the one it began with. */
export class DigitsChanged extends Error {}

/**
 * Returns a reader of the digits of a calculated value. All that it returns is
 * of one and the same value; after DigitsChanged it begins anew.
 */
export function digitReader(index: number): ReadDigits {
  let tag: string | null = null;
  return async (first, count, signal) => {
    try {
      const { data, response } = await pisano.http.GET("/values/{index}/digits", {
        params: { path: { index }, header: { Range: `bytes=${first}-${first + count - 1}` } },
        headers: tag === null ? {} : { "If-Match": tag },
        parseAs: "text",
        // A browser's cache makes requests for parts of one address wait for each other.
        cache: "no-store",
        signal,
      });
      if (data === undefined || data.length !== count) {
        throw new Error(`${count} digits were answered with ${response.status} and ${data?.length}`);
      }
      tag = response.headers.get("ETag");
      return data;
    } catch (error) {
      if (error instanceof ProblemError && error.problem.status === 412) {
        tag = null;
        throw new DigitsChanged();
      }
      throw orUnreachable(error, signal);
    }
  };
}

/** How often each digit, 0 to 9, occurs in a calculated value. */
export type DigitCounts = readonly number[];

/** Counts the digits of a value as they stream by, and tells now and then how many it has seen. */
export function digitCounts(index: number, onProgress: (seen: number) => void) {
  return queryOptions({
    queryKey: queryKeys.digitCounts(index),
    queryFn: async ({ signal }): Promise<DigitCounts> => {
      try {
        const { data, response } = await pisano.http.GET("/values/{index}/digits", {
          params: { path: { index } },
          parseAs: "stream",
          cache: "no-store",
          signal,
        });
        if (!data) {
          throw new Error(`the digits were answered with ${response.status} and nothing`);
        }
        return await countDigits(data, onProgress);
      } catch (error) {
        throw orUnreachable(error, signal);
      }
    },
    // A value never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** So rarely is progress reported. */
const progressIntervalMs = 100;

const zero = "0".charCodeAt(0);

/** Counts digits in constant memory. */
export async function countDigits(
  text: ReadableStream<Uint8Array>,
  onProgress: (seen: number) => void,
): Promise<DigitCounts> {
  const counts = new Array<number>(10).fill(0);
  let seen = 0;
  let reported = performance.now();
  const reader = text.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    for (const byte of piece.value) {
      const digit = byte - zero;
      counts[digit] = (counts[digit] ?? 0) + 1;
    }
    seen += piece.value.length;
    if (performance.now() - reported >= progressIntervalMs) {
      reported = performance.now();
      onProgress(seen);
    }
  }
  return counts;
}

/** An answer that broke off on its way is none. */
function orUnreachable(error: unknown, signal: AbortSignal): unknown {
  return error instanceof TypeError && !signal.aborted ? new ProblemError(unreachable) : error;
}
