import type { QueryClient } from "@tanstack/react-query";
import { numberFacts } from "../api/facts";
import { seenIndices } from "../api/indices";
import { pagedQuery } from "../api/page";
import { calculatedValues, valueState } from "../api/values";
import { indexIn, parseIndex } from "../numbers/parseIndex";

/**
 * Begins to fetch what the page at an address shows, while its code is still loaded and rendered. It shares the
 * requests that it finds. public/page-head.js preloads the same for canonical addresses.
 */
export function prefetchPage(client: QueryClient, pathname: string) {
  if (pathname === "/") {
    void client.prefetchInfiniteQuery(pagedQuery(seenIndices));
    void client.prefetchInfiniteQuery(pagedQuery(calculatedValues));
    return;
  }
  const [, text = ""] = /^\/values\/(-?\d+)\/?$/.exec(pathname) ?? [];
  const index = indexIn(parseIndex(text));
  if (index === undefined) {
    return;
  }
  if (typeof index === "number") {
    void client.prefetchQuery(valueState(index));
  }
  void client.prefetchQuery(numberFacts(index));
}
