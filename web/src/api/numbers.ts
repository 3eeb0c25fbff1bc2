import type { FibonacciNumber } from "@pisano-dev/client";
import { queryOptions } from "@tanstack/react-query";
import { pisano } from "./client";
import { queryKeys } from "./queryKeys";

/** F(from) to F(to) with all their digits. They never change. */
export function numbersBetween(from: number, to: number) {
  return queryOptions({
    queryKey: queryKeys.numbers(from, to),
    queryFn: async ({ signal }): Promise<FibonacciNumber[]> => {
      const numbers: FibonacciNumber[] = [];
      for await (const number of pisano.numbers(from, to, { signal })) {
        numbers.push(number);
      }
      return numbers;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}
