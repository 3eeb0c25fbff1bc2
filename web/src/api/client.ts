import { Pisano, ProblemError } from "@pisano-dev/client";
import { unreachable } from "./problem";

/** Where the API is, on the host that served the page. */
export const apiRoot = "/api";

/** The API. What it throws is a ProblemError, also when nobody answers, unless the call was broken off. */
export const pisano = new Pisano(
  // In full because Request, outside of browsers, takes no relative address.
  new URL(apiRoot, window.location.origin).href,
  { fetch: fetchWithTimeout },
);

/** For how long a server that is connected to may say nothing; browsers wait for minutes. What follows may take its time. */
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
