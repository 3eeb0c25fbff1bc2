import type { Value, ValueState } from "@pisano-dev/client";
import { infiniteQueryOptions, queryOptions, skipToken } from "@tanstack/react-query";
import { apiRoot, pisano } from "./client";
import { firstPage, nextPage, type Page, pageIn, pageParams } from "./page";
import { queryKeys } from "./queryKeys";

export type CalculatedValue = Value;
export type { ValueState };

/** The calculated values, newest first. */
export const calculatedValues = infiniteQueryOptions({
  queryKey: queryKeys.values,
  queryFn: ({ pageParam, signal }): Promise<Page<CalculatedValue>> =>
    pageIn(pisano.http.GET("/values", pageParams(pageParam, signal))),
  initialPageParam: firstPage,
  getNextPageParam: nextPage,
});

/** Where one submitted index stands, and its value once it is calculated; nothing without an index. */
export function valueState(index: number | undefined) {
  return queryOptions({
    queryKey: queryKeys.valueState(index),
    queryFn: index === undefined ? skipToken : ({ signal }) => pisano.value(index, { signal }),
  });
}

/** Returns the value in a state, if it is calculated. */
export function valueIn(state: ValueState): CalculatedValue | undefined {
  const { index, sign, digitCount, calculatedAt, durationMs } = state;
  if (
    sign === undefined ||
    digitCount === undefined ||
    calculatedAt === undefined ||
    durationMs === undefined
  ) {
    return undefined;
  }
  return { ...state, index, sign, digitCount, calculatedAt, durationMs };
}

/** The address from which a browser downloads all digits of a value. */
export function downloadAddress(index: number): string {
  return `${apiRoot}/values/${index}/digits?download=1`;
}
