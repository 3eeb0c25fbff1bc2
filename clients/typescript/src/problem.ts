import { mediaType, publicPart, throwForeign } from "./foreign.js";
import { retryAfter } from "./retry.js";
import type { Problem } from "./schema.js";

/** An error of the server. Act on `problem.kind`; the message is a sentence for people. */
export class ProblemError extends Error {
  readonly problem: Problem;
  /** When to retry, in seconds, if the server said so. */
  readonly retryAfter: number | undefined;

  constructor(problem: Problem, retryAfter?: number) {
    super(problem.detail);
    this.name = "ProblemError";
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** Throws if a response is an error or not from Pisano. Runs on the response of every call. */
export async function throwProblem(response: Response, request: Request, path: string): Promise<void> {
  if (response.status < 400) {
    return throwForeign(response, request, path);
  }
  // A server that is not ready answers with its Readiness.
  if (path === "/readyz" && mediaType(response) === "application/json") {
    return;
  }
  throw new ProblemError(await problemOf(response, request), retryAfter(response.headers));
}

async function problemOf(response: Response, request: Request): Promise<Problem> {
  const own = await ownProblem(response);
  // Where no operation is, Pisano names no input.
  if (own && !(own.status === 404 && !own.errors)) {
    return own;
  }
  const { status, statusText } = response;
  const title = statusText || "Error";
  const answer = `${publicPart(response.url || request.url)} answered ${status} ${title}.`;
  const detail = status < 500 && status !== 429 ? `${answer} Check the address of the API.` : answer;
  return { type: "about:blank", title, status, kind: kindOf(status), detail };
}

/** Returns the problem in a response, unless it is not from Pisano or has no body because the request was HEAD. */
async function ownProblem(response: Response): Promise<Problem | undefined> {
  const body: unknown = await response.json().catch(() => undefined);
  const own = typeof body === "object" && body !== null && "kind" in body && "detail" in body;
  return own ? (body as Problem) : undefined;
}

function kindOf(status: number): Problem["kind"] {
  switch (status) {
    case 404:
      return "notFound";
    case 409:
      return "notReady";
    case 429:
      return "overloaded";
    case 500:
      return "internal";
    default:
      return status > 500 ? "unavailable" : "invalid";
  }
}
