import type { SeenIndex } from "@pisano-dev/client";
import { infiniteQueryOptions } from "@tanstack/react-query";
import { dataOf, pisano } from "./client";
import { firstPage, nextPage, type Page, pageParams } from "./page";
import { queryKeys } from "./queryKeys";

export type { SeenIndex };

/** The indices submitted so far, newest first. */
export const seenIndices = infiniteQueryOptions({
  queryKey: queryKeys.indices,
  queryFn: async ({ pageParam, signal }): Promise<Page<SeenIndex>> =>
    dataOf(await pisano.http.GET("/indices", pageParams(pageParam, signal))),
  initialPageParam: firstPage,
  getNextPageParam: nextPage,
});
