import type { components } from "./schema";

export type Problem = components["schemas"]["Problem"];

/** An error whose message is a sentence for the person at the page. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail, options);
    this.name = "ProblemError";
    this.problem = problem;
  }

  /** Whether the same request may succeed a little later. */
  get passes(): boolean {
    return this.problem.kind === "unavailable" || this.problem.kind === "overloaded";
  }
}

/** The problem of a request that got no answer at all. */
export const unreachable: Problem = {
  type: "about:blank",
  title: "No answer",
  status: 503,
  kind: "unavailable",
  detail: "Pisano does not answer just now. Check your connection, or try again in a moment.",
};

/**
 * Returns the problem that a response speaks of. Whatever stands between the
 * page and the API may have put in a body of its own; that is not shown.
 */
export function problemOfResponse(status: number, body: unknown): Problem {
  if (typeof body === "object" && body !== null && "detail" in body && "kind" in body) {
    return body as Problem;
  }
  return status >= 500 ? unreachable : { ...unknown, status };
}

const unknown: Problem = {
  type: "about:blank",
  title: "Refused",
  status: 400,
  kind: "invalid",
  detail: "Pisano refused this without saying why.",
};

/** The sentence to show for anything that was thrown. */
export function sentenceOf(error: unknown): string {
  return error instanceof ProblemError
    ? error.message
    : "Something went wrong on this page. Reloading it may help.";
}
