import { ForeignAnswerError, type Problem, ProblemError } from "@pisano-dev/client";
import { formatInteger } from "../numbers/format";

/** The problem of a request that got no answer. */
export const unreachable: Problem = {
  type: "about:blank",
  title: "No answer",
  status: 503,
  kind: "unavailable",
  detail: "Pisano is not responding. Check your connection, or try again in a moment.",
};

function hasKind(error: unknown, ...kinds: Problem["kind"][]): error is ProblemError {
  return error instanceof ProblemError && kinds.includes(error.problem.kind);
}

/** Reports whether the same request may succeed a little later. */
export function isTransient(error: unknown): boolean {
  return hasKind(error, "unavailable", "overloaded");
}

export function isNotFound(error: unknown): boolean {
  return hasKind(error, "notFound");
}

/** Reports whether the digits are not calculated yet, or were evicted. */
export function isNotReady(error: unknown): boolean {
  return hasKind(error, "notReady");
}

/** Reports whether the calculation would cost more than the server allows. */
export function isTooLarge(error: unknown): boolean {
  return hasKind(error, "tooLarge");
}

/** Returns in how many seconds the server may take the request, if it said so in seconds that are worth counting. */
export function waitOf(error: unknown): { seconds: number } | undefined {
  const seconds = error instanceof ProblemError && isTransient(error) ? error.retryAfter : undefined;
  return seconds === undefined || seconds < 2 ? undefined : { seconds };
}

/** Returns the sentence that tells a person what an error means. */
export function messageOf(error: unknown): string {
  if (error instanceof ForeignAnswerError) {
    return "Something other than Pisano answered. If your network has a sign-in page, reload this page to see it.";
  }
  if (!(error instanceof ProblemError)) {
    return "Something went wrong on this page. Reloading it may help.";
  }
  // Problems of Pisano carry an instance. One without it comes from a proxy, whose text is not for people.
  return isTransient(error) && error.problem.instance === undefined
    ? unreachable.detail
    : grouped(error.message);
}

/** Groups the digits of long numbers, as on the rest of the page. */
function grouped(sentence: string): string {
  return sentence.replace(/(?<![.\d])\d{5,}/g, (digits) => formatInteger(BigInt(digits)));
}
