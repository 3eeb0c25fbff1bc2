import { ProblemError } from "@pisano-dev/client";
import { dataOf, pisano } from "./client";
import { unreachable } from "./problem";

/** Requests all digits of a calculated value, and returns them in chunks as they arrive, most significant first. */
export async function allDigits(index: number, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  const answer = await pisano.http.GET("/values/{index}/digits", {
    params: { path: { index } },
    parseAs: "stream",
    cache: "no-store",
    ...(signal && { signal }),
  });
  return chunksOf(dataOf(answer), signal);
}

/** Browsers that the page supports can't iterate over a stream themselves. */
async function* chunksOf(
  text: ReadableStream<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const reader = text.getReader();
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      yield chunk.value;
    }
  } catch (error) {
    throw orUnreachable(error, signal);
  }
}

/** Turns the error of an answer that broke off into a problem. */
export function orUnreachable(error: unknown, signal: AbortSignal | undefined): unknown {
  return error instanceof TypeError && !signal?.aborted ? new ProblemError(unreachable) : error;
}
