import type { SeenIndex } from "@pisano-dev/client";
import { dataOf, pisano } from "./client";
import { type PagedList, pageParams } from "./page";
import { queryKeys } from "./queryKeys";

export type { SeenIndex };

/** The indices submitted so far, newest first. */
export const seenIndices: PagedList<SeenIndex> = {
  key: queryKeys.indices,
  fetch: async (page, signal) => dataOf(await pisano.http.GET("/indices", pageParams(page, signal))),
};
