import { queryOptions } from "@tanstack/react-query";
import type { Index } from "../numbers/largeIndex";
import { dataOf, pisano } from "./client";
import { queryKeys } from "./queryKeys";

/** What is known of F(n) without calculating it. */
export type NumberFacts = Awaited<ReturnType<typeof fetchFacts>>;
export type Primality = NumberFacts["number"]["primality"];

async function fetchFacts(index: Index, signal: AbortSignal) {
  return dataOf(await pisano.http.GET("/numbers/{n}", { params: { path: { n: String(index) } }, signal }));
}

/** What is known of F(index) whatever its state, beyond the limit of the server too. It never changes. */
export function numberFacts(index: Index) {
  return queryOptions({
    queryKey: queryKeys.facts(index),
    queryFn: ({ signal }) => fetchFacts(index, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
