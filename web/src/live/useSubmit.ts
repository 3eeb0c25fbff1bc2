import { useMutation, useQueryClient } from "@tanstack/react-query";
import { pisano } from "../api/client";
import { seenIndices } from "../api/indices";
import { queryKeys } from "../api/queryKeys";
import { rememberIndex } from "./ownIndices";
import { refetch } from "./refetch";
import { refreshList } from "./refreshList";

/** How many of its own submissions the page remembers. */
const maxOwn = 1_000;
/** When the page submitted each index last. */
const own = new Map<number, number>();
/** The event of a submission arrives within this time, or not at all. */
const eventWithinMs = 10_000;

/** Reports whether this page has submitted an index, as far as it remembers. */
export function wasSubmittedHere(index: number): boolean {
  return own.has(index);
}

/** Reports whether an event of a submission that arrives now is likely to be that of one of this page. */
export function isOwnSubmission(index: number): boolean {
  return Date.now() - (own.get(index) ?? Number.NEGATIVE_INFINITY) < eventWithinMs;
}

/** Submits an index, and refetches what that changes, so that it shows even while no events arrive. */
export function useSubmitIndex() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (index: number) => {
      if (own.size >= maxOwn) {
        own.clear();
      }
      own.set(index, Date.now());
      return pisano.submit(index);
    },
    onSuccess: ({ index }) => {
      rememberIndex(index);
      void refreshList(client, seenIndices);
      void refetch(client, queryKeys.valueState(index));
    },
  });
}
