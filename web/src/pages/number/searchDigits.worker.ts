import { ProblemError } from "@pisano-dev/client";
import { allDigits } from "../../api/digitStream";
import { DigitSearch } from "./digitSearch";
import type { SearchRequest, SearchResponse } from "./searchDigits";

/** The least time between two reports of progress. */
const progressIntervalMs = 100;

// One request for each worker, which ends with it: the page terminates a worker to cancel its search.
addEventListener("message", ({ data }: MessageEvent<SearchRequest>) => {
  search(data).catch((error: unknown) =>
    respond(
      error instanceof ProblemError
        ? { problem: error.problem, retryAfter: error.retryAfter }
        : { fault: String(error) },
    ),
  );
});

async function search({ index, wanted }: SearchRequest): Promise<void> {
  const digits = new DigitSearch(wanted);
  let reported = performance.now();
  for await (const chunk of await allDigits(index)) {
    digits.add(chunk);
    if (performance.now() - reported >= progressIntervalMs) {
      reported = performance.now();
      respond({ found: digits.found(), done: false });
    }
  }
  respond({ found: digits.found(), done: true });
}

function respond(response: SearchResponse): void {
  postMessage(response);
}
