import { ForeignAnswerError, type Problem, ProblemError } from "@pisano-dev/client";

/** The problem of a request that got no answer at all. */
export const unreachable: Problem = {
  type: "about:blank",
  title: "No answer",
  status: 503,
  kind: "unavailable",
  detail: "Pisano does not answer just now. Check your connection, or try again in a moment.",
};

/** Whether the same request may succeed a little later. */
export function isTransient(error: unknown): boolean {
  return (
    error instanceof ProblemError &&
    (error.problem.kind === "unavailable" || error.problem.kind === "overloaded")
  );
}

/** Whether what was asked for is not there. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.kind === "notFound";
}

/** Whether it would take more than the server gives. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.kind === "tooLarge";
}

/** The sentence to show for anything that was thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof ForeignAnswerError) {
    return "Something else answers in Pisano’s place, perhaps a login page. Reload this page to see it.";
  }
  if (!(error instanceof ProblemError)) {
    return "Something went wrong on this page. Reloading it may help.";
  }
  // Pisano's own problems name their occurrence. Another that passes is from
  // something on the way, which has no words for people.
  return isTransient(error) && error.problem.instance === undefined ? unreachable.detail : error.message;
}
