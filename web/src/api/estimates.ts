import { queryOptions, skipToken } from "@tanstack/react-query";
import { pisano } from "./client";
import { queryKeys } from "./queryKeys";

/** What calculating an index would cost; an error if the server refuses it. Without an index nothing is fetched. */
export function costEstimate(index: number | undefined) {
  return queryOptions({
    queryKey: queryKeys.estimate(index),
    queryFn: index === undefined ? skipToken : ({ signal }) => pisano.estimate(index, { signal }),
    retry: false,
  });
}
