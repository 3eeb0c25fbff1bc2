import { infiniteQueryOptions } from "@tanstack/react-query";
import { answerOf, client } from "./client";
import { firstPage, type Page, pageAfter, pageSize } from "./page";
import type { components } from "./schema";

export type SeenIndex = components["schemas"]["SeenIndex"];

/** The indices submitted so far, newest first. */
export const seenIndices = infiniteQueryOptions({
  queryKey: ["indices"],
  queryFn: ({ pageParam, signal }): Promise<Page<SeenIndex>> =>
    answerOf(client.GET("/indices", { params: { query: { limit: pageSize, ...pageParam } }, signal })),
  initialPageParam: firstPage,
  getNextPageParam: pageAfter,
});

/** Submits an index. One that has failed is tried anew. */
export async function submitIndex(index: number): Promise<SeenIndex> {
  const answer = await answerOf(client.POST("/indices", { body: { index } }));
  if ("items" in answer) {
    throw new TypeError("one index was submitted, a list was answered");
  }
  return answer;
}
