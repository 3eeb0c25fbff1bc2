import { mediaType, throwForeign } from "./foreign.js";
import { retryAfter } from "./retry.js";
import type { Problem } from "./schema.js";

/** An error that the server answered with. Act on its `problem.kind`; its message is a sentence for people. */
export class ProblemError extends Error {
  readonly problem: Problem;
  /** When to ask again, in seconds, if that was said. */
  readonly retryAfter: number | undefined;

  constructor(problem: Problem, retryAfter?: number) {
    super(problem.detail);
    this.name = "ProblemError";
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** Throws a response that is an error, or not from Pisano, so that every call does. */
export async function throwProblem(response: Response, request: Request, path: string): Promise<void> {
  if (response.status < 400) {
    return throwForeign(response, request, path);
  }
  // That the server is not ready is no problem but a Readiness.
  if (path === "/readyz" && mediaType(response) === "application/json") {
    return;
  }
  throw new ProblemError(await problemOf(response), retryAfter(response.headers));
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    const body: unknown = await response.json();
    if (typeof body === "object" && body !== null && "kind" in body && "detail" in body) {
      return body as Problem;
    }
  } catch {
    // It is not from Pisano, or has no body since only the header was asked for.
  }
  const title = response.statusText || "Error";
  return {
    type: "about:blank",
    title,
    status: response.status,
    kind: kindOf(response.status),
    detail: `The server answered ${response.status} ${title}.`,
  };
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
