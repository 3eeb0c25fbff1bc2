import { ProblemError } from "@pisano-dev/client";
import { queryOptions } from "@tanstack/react-query";
import { dataOf, pisano } from "./client";
import { allDigits, orUnreachable } from "./digitStream";
import { queryKeys } from "./queryKeys";

/** Reads count digits of one value; the first digit is number 0. */
export type ReadDigits = (first: number, count: number, signal: AbortSignal) => Promise<string>;

/** Thrown by a reader when the value is no longer the one it began with. */
export class DigitsChanged extends Error {}

/**
 * Returns a reader of the digits of a calculated value. All digits it returns
 * belong to the same value; after DigitsChanged it starts over.
 */
export function digitReader(index: number): ReadDigits {
  let tag: string | null = null;
  return async (first, count, signal) => {
    try {
      const answer = await pisano.http.GET("/values/{index}/digits", {
        params: { path: { index }, header: { Range: `bytes=${first}-${first + count - 1}` } },
        headers: tag === null ? {} : { "If-Match": tag },
        parseAs: "text",
        // With caching, browsers run requests for ranges of one address one after the other.
        cache: "no-store",
        signal,
      });
      const digits = dataOf(answer);
      if (digits.length !== count) {
        throw new Error(`${digits.length} digits were returned instead of ${count}`);
      }
      tag = answer.response.headers.get("ETag");
      return digits;
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

/** Counts the digits of a value as they arrive, and reports now and then how many were counted. */
export function digitCounts(index: number, onProgress: (counted: number) => void) {
  return queryOptions({
    queryKey: queryKeys.digitCounts(index),
    queryFn: async ({ signal }) => countDigits(await allDigits(index, signal), onProgress),
    // A value never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The least time between two reports of progress. */
const progressIntervalMs = 100;

const zero = "0".charCodeAt(0);

/** Counts digits in constant memory. */
export async function countDigits(
  digits: AsyncIterable<Uint8Array>,
  onProgress: (counted: number) => void,
): Promise<DigitCounts> {
  const counts = new Array<number>(10).fill(0);
  let counted = 0;
  let reported = performance.now();
  for await (const chunk of digits) {
    for (const byte of chunk) {
      const digit = byte - zero;
      counts[digit] = (counts[digit] ?? 0) + 1;
    }
    counted += chunk.length;
    if (performance.now() - reported >= progressIntervalMs) {
      reported = performance.now();
      onProgress(counted);
    }
  }
  return counts;
}
