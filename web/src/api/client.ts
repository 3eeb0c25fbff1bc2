import createClient from "openapi-fetch";
import { type Problem, ProblemError, problemOfResponse, unreachable } from "./problem";
import type { paths } from "./schema";

/** Where the API is, on the host that served the page. */
export const apiRoot = "/api";

export const client = createClient<paths>({
  // In full because Request, outside of browsers, takes no relative address.
  baseUrl: new URL(apiRoot, window.location.origin).href,
  // Looked up at each call, so that tests can stand in for the network.
  fetch: (request) => globalThis.fetch(request),
});

interface Result<T> {
  data?: T | undefined;
  error?: Problem | undefined;
  response: Response;
}

/** Returns the data of a call to the client, or throws a ProblemError. */
export async function answerOf<T>(call: Promise<Result<T>>): Promise<T> {
  let result: Result<T>;
  try {
    result = await call;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") {
      throw cause;
    }
    throw new ProblemError(unreachable, { cause });
  }
  if (result.data === undefined) {
    throw new ProblemError(problemOfResponse(result.response.status, result.error));
  }
  return result.data;
}
