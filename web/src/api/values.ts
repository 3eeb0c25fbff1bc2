import type { Value, ValueState } from "@pisano-dev/client";
import { queryOptions, skipToken } from "@tanstack/react-query";
import { apiRoot, dataOf, pisano } from "./client";
import { type PagedList, pageParams } from "./page";
import { queryKeys } from "./queryKeys";

export type CalculatedValue = Value;
export type { ValueState };

/** The calculated values, newest first. */
export const calculatedValues: PagedList<CalculatedValue> = {
  key: queryKeys.values,
  fetch: async (page, signal) => dataOf(await pisano.http.GET("/values", pageParams(page, signal))),
};

/** The state of a submitted index, and its value once it is calculated. Without an index nothing is fetched. */
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
