import { Pisano, ProblemError } from "@pisano-dev/client";
import { unreachable } from "./problem";

/** The path of the API on the host that served the page. */
export const apiRoot = "/api";

/** The API. A call that is not aborted fails with a ProblemError, also when the server cannot be reached. */
export const pisano = new Pisano(
  // Absolute, because Request takes no relative address outside browsers. Workers have no window.
  new URL(apiRoot, location.origin).href,
  { fetch: fetchWithTimeout, retrySeconds: 0 }, // queries are repeated by their own rules
);

/** How long the server may take to begin its answer. Browsers wait for minutes. The body may take longer. */
const timeoutMs = 30_000;

async function fetchWithTimeout(request: Request): Promise<Response> {
  const timed = timedSignal(request.signal, timeoutMs);
  try {
    return await globalThis.fetch(request, { signal: timed.signal });
  } catch (cause) {
    if (request.signal.aborted || !(timed.signal.aborted || cause instanceof TypeError)) {
      throw cause;
    }
    throw new ProblemError(unreachable);
  } finally {
    timed.clear();
  }
}

/**
 * Returns a signal that aborts with another one, or after a time, until it is cleared. AbortSignal.any, which
 * does the same, is too new for the browsers that the page supports.
 */
export function timedSignal(signal: AbortSignal, ms: number): { signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const abort = () => controller.abort(signal.reason);
  const timer = setTimeout(() => controller.abort(), ms);
  signal.addEventListener("abort", abort);
  if (signal.aborted) {
    abort();
  }
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    },
  };
}

/** Returns the body of an answer of pisano.http. */
export function dataOf<T>({ data, response }: { data?: T; response: Response }): NonNullable<T> {
  if (data === undefined || data === null) {
    throw new Error(`${response.url} answered ${response.status} without a body`);
  }
  return data;
}
