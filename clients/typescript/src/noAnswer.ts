import { publicPart } from "./foreign.js";
import { codeOf } from "./repeat.js";

/** Thrown if nothing answers at the address. The cause is the error of fetch. */
export class NoAnswerError extends Error {
  /** The address of the request, without its query. */
  readonly url: string;

  constructor(url: string, cause: unknown) {
    super(`Nothing answers at ${url}${reasonOf(cause)}. Check the address, and that the server is running.`, {
      cause,
    });
    this.name = "NoAnswerError";
    this.url = url;
  }
}

/** Returns the error to throw for an error of fetch. What aborted a request is thrown as it is. */
export function explained(error: unknown, request: Request): Error | undefined {
  const failed = error instanceof TypeError || codeOf(error) !== undefined;
  return failed && !request.signal.aborted ? new NoAnswerError(publicPart(request.url), error) : undefined;
}

function reasonOf(error: unknown): string {
  const reason = codeOf(error) ?? (error instanceof Error ? error.message : undefined);
  return reason ? ` (${reason})` : "";
}
