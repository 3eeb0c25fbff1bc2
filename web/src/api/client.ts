import { Pisano, ProblemError } from "@pisano-dev/client";
import { unreachable } from "./problem";

/** Where the API is, on the host that served the page. */
export const apiRoot = "/api";

/** The API. What it throws is a ProblemError, also when nobody answers, unless the call was broken off. */
export const pisano = new Pisano(
  // In full because Request, outside of browsers, takes no relative address.
  new URL(apiRoot, window.location.origin).href,
  { fetch: reach },
);

async function reach(request: Request): Promise<Response> {
  try {
    return await globalThis.fetch(request);
  } catch (cause) {
    if (request.signal.aborted) {
      throw cause;
    }
    throw new ProblemError(unreachable);
  }
}
