import { mediaType } from "./foreign.js";
import { type Fetch, fetchHeld } from "./hold.js";
import { retryAfter } from "./retry.js";
import { sleep } from "./sleep.js";

/** The pauses between attempts, before jitter. */
const firstPauseMs = 100;
const maxPauseMs = 5_000;

/**
 * Returns a fetch that repeats a request that failed for want of a connection, whose
 * answer in JSON was cut off, or that was answered with 429 or 503 and a Retry-After,
 * or by a proxy with 502 or 504. It gives up where the next attempt would begin later
 * than the given seconds after the first failure.
 */
export function repeating(fetch: Fetch, seconds: number): Fetch {
  return async (request) => {
    let pauseMs = firstPauseMs;
    let endsAt: number | undefined;
    // A body can be sent once. A clone would not be aborted in Node.js after garbage collection, even if it is held.
    const body = request.method === "POST" ? await request.clone().text() : undefined;
    for (;;) {
      const attempt = await outcomeOf(fetch, body === undefined ? request : new Request(request, { body }));
      endsAt ??= performance.now() + 1_000 * seconds;
      // Jitter keeps clients that failed together from returning together.
      const waitMs = (attempt.afterMs ?? 0) + pauseMs * (0.5 + Math.random());
      if (attempt.afterMs === undefined || performance.now() + waitMs > endsAt) {
        if (attempt.response) {
          return attempt.response;
        }
        throw attempt.error;
      }
      await attempt.response?.body?.cancel();
      await sleep(waitMs, request.signal);
      pauseMs = Math.min(2 * pauseMs, maxPauseMs);
    }
  };
}

interface Outcome {
  response?: Response;
  error?: unknown;
  /** The time before which a repetition is in vain; absent if any would be. */
  afterMs?: number;
}

async function outcomeOf(fetch: Fetch, request: Request): Promise<Outcome> {
  try {
    const response = await fetchHeld(async (request) => complete(await fetch(request)), request);
    const after = retryAfter(response.headers);
    switch (response.status) {
      case 429:
      case 503:
        return after === undefined ? { response } : { response, afterMs: 1_000 * after };
      case 502:
      case 504:
        return { response, afterMs: 1_000 * (after ?? 0) };
      default:
        return { response };
    }
  } catch (error) {
    return isConnectionError(error) && !request.signal.aborted ? { error, afterMs: 0 } : { error };
  }
}

/** Reads an answer in JSON to its end, and leaves others, which may be streams. */
async function complete(response: Response): Promise<Response> {
  if (!response.body || mediaType(response) !== "application/json") {
    return response;
  }
  const read = new Response(await response.arrayBuffer(), response);
  return Object.defineProperty(read, "url", { value: response.url });
}

/** The codes of errors that a restart of the server or of the network can cause, in Node.js and in Bun. */
const passing: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_SOCKET",
  "UND_ERR_CONNECT_TIMEOUT",
  "ConnectionRefused",
  "ConnectionReset",
  "ConnectionClosed",
]);

/** Reports whether fetch failed for want of a connection. Browsers and Deno do not say why it failed. */
function isConnectionError(error: unknown): boolean {
  const code = codeOf(error);
  return code === undefined ? error instanceof TypeError : passing.has(code);
}

/** Returns the code of an error or of its cause, if one has a code. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) {
    return undefined;
  }
  const { code, cause } = error as Error & { code?: unknown };
  return typeof code === "string" ? code : codeOf(cause); // that of a DOMException is a number
}
