import { Pisano, ProblemError } from "@pisano-dev/client";
import { unreachable } from "./problem";

/** The path of the API on the host that served the page. */
export const apiRoot = "/api";

/** The API. A call that is not aborted fails with a ProblemError, also when the server cannot be reached. */
export const pisano = new Pisano(
  // Absolute, because Request takes no relative address outside browsers.
  new URL(apiRoot, window.location.origin).href,
  { fetch: fetchWithTimeout },
);

/** How long the server may take to begin its answer. Browsers wait for minutes. The body may take longer. */
const timeoutMs = 30_000;

async function fetchWithTimeout(request: Request): Promise<Response> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  try {
    return await globalThis.fetch(request, {
      signal: AbortSignal.any([request.signal, timeout.signal]),
    });
  } catch (cause) {
    if (request.signal.aborted) {
      throw cause;
    }
    throw new ProblemError(unreachable);
  } finally {
    clearTimeout(timer);
  }
}

/** Returns the body of an answer of pisano.http. */
export function dataOf<T>({ data, response }: { data?: T; response: Response }): NonNullable<T> {
  if (data === undefined || data === null) {
    throw new Error(`${response.url} answered ${response.status} without a body`);
  }
  return data;
}
