import type { SeenIndex } from "@pisano-dev/client";
import { infiniteQueryOptions } from "@tanstack/react-query";
import { pisano } from "./client";
import { firstPage, nextPage, type Page, pageIn, pageParams } from "./page";
import { queryKeys } from "./queryKeys";

export type { SeenIndex };

/** The indices submitted so far, newest first. */
export const seenIndices = infiniteQueryOptions({
  queryKey: queryKeys.indices,
  queryFn: ({ pageParam, signal }): Promise<Page<SeenIndex>> =>
    pageIn(pisano.http.GET("/indices", pageParams(pageParam, signal))),
  initialPageParam: firstPage,
  getNextPageParam: nextPage,
});

/** Submits an index. One that has failed is tried anew. */
export function submitIndex(index: number): Promise<SeenIndex> {
  return pisano.submit(index);
}
