import { createParser } from "eventsource-parser";
import { ForeignAnswerError } from "./foreign.js";
import { ProblemError } from "./problem.js";
import type { Event } from "./schema.js";
import { sleep } from "./sleep.js";

/**
 * Something that happened to an index. `refetch` comes first, and again after
 * each gap: what happened before is not told, so read anew what you show.
 */
export type IndexEvent =
  | { kind: "refetch" }
  | (Event & { kind: "seen" })
  | (Event & { kind: "progress"; progress: number })
  | (Event & { kind: "calculated" })
  | (Event & { kind: "failed"; reason: string });

type Open = (signal: AbortSignal) => Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;

const kinds: ReadonlySet<string> = new Set(["seen", "progress", "calculated", "failed"]);

const firstPause = 1_000;
const longestPause = 15_000;
/** After how long without a sign of life a connection is taken for dead: three heartbeats of the server. */
const silence = 45_000;

/** Yields events, connecting anew whenever a connection is lost, until the server refuses or the signal says so. */
export async function* follow(open: Open, signal?: AbortSignal): AsyncGenerator<IndexEvent, never> {
  let pause = firstPause;
  for (;;) {
    try {
      for await (const event of connection(open, signal)) {
        pause = firstPause;
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
        pause = Math.max(pause, 1_000 * (error.retryAfter ?? 0));
      }
    }
    await sleep(pause, signal);
    pause = Math.min(2 * pause, longestPause);
  }
}

/** Yields the events of one connection until it ends. */
async function* connection(open: Open, signal?: AbortSignal): AsyncGenerator<IndexEvent, void> {
  const end = new AbortController();
  let timer = setTimeout(() => end.abort(), silence);
  const happened: IndexEvent[] = [];
  const parser = createParser({
    onEvent({ event, data }) {
      // Others are from a newer server.
      if (event !== undefined && kinds.has(event)) {
        happened.push({ ...JSON.parse(data), kind: event });
      }
    },
  });
  try {
    const bytes = await open(signal ? AbortSignal.any([signal, end.signal]) : end.signal);
    yield { kind: "refetch" };
    const reader = bytes.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(() => end.abort(), silence);
      parser.feed(value);
      yield* happened.splice(0);
    }
  } finally {
    clearTimeout(timer);
    end.abort();
  }
}
