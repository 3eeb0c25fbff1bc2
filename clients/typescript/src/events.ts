import { createParser } from "eventsource-parser";
import { ForeignAnswerError } from "./foreign.js";
import { ProblemError } from "./problem.js";
import type { Event } from "./schema.js";
import { sleep } from "./sleep.js";

/**
 * Something that happened to an index. `refetch` comes first and after each gap in
 * the connection: events of the gap are lost, so fetch again what you show.
 */
export type IndexEvent =
  | { kind: "refetch" }
  | (Event & { kind: "seen" })
  | (Event & { kind: "progress"; progress: number })
  | (Event & { kind: "calculated" })
  | (Event & { kind: "failed"; reason: string });

type Open = (signal: AbortSignal) => Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;

const kinds: ReadonlySet<string> = new Set(["seen", "progress", "calculated", "failed"]);

const minRetryMs = 1_000;
const maxRetryMs = 15_000;
/** A connection without data for so long is considered dead: three heartbeats of the server. */
const idleTimeoutMs = 45_000;

/** Yields events, reconnecting whenever the connection is lost, until the server refuses or the signal aborts. */
export async function* follow(open: Open, signal?: AbortSignal): AsyncGenerator<IndexEvent, never> {
  let retryMs = minRetryMs;
  for (;;) {
    try {
      for await (const event of connection(open, signal)) {
        retryMs = minRetryMs;
        yield event;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof ForeignAnswerError) {
        throw error;
      }
      if (error instanceof ProblemError) {
        const { status } = error.problem;
        if (status < 500 && status !== 429) {
          throw error;
        }
        retryMs = Math.max(retryMs, 1_000 * (error.retryAfter ?? 0));
      }
    }
    await sleep(retryMs, signal);
    retryMs = Math.min(2 * retryMs, maxRetryMs);
  }
}

/** Yields the events of one connection until it ends. */
async function* connection(open: Open, signal?: AbortSignal): AsyncGenerator<IndexEvent, void> {
  const end = new AbortController();
  // Not AbortSignal.any, whose signal may be collected before it aborts.
  const abort = () => end.abort(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  let timer = setTimeout(() => end.abort(), idleTimeoutMs);
  const events: IndexEvent[] = [];
  const parser = createParser({
    onEvent({ event, data }) {
      // Other kinds come from a newer server.
      if (event !== undefined && kinds.has(event)) {
        events.push({ ...JSON.parse(data), kind: event });
      }
    },
  });
  try {
    signal?.throwIfAborted();
    const bytes = await open(end.signal);
    yield { kind: "refetch" };
    const reader = bytes.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(() => end.abort(), idleTimeoutMs);
      parser.feed(value);
      yield* events.splice(0);
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
    end.abort();
  }
}
