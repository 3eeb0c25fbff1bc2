import { queryOptions, skipToken } from "@tanstack/react-query";
import type { Index } from "../numbers/largeIndex";
import { maxOwnModulus, type PisanoPeriod } from "../numbers/pisano";
import { pisano } from "./client";
import { queryKeys } from "./queryKeys";

/** The Pisano period of a modulus that is too large for the page itself. Otherwise nothing is fetched. It never changes. */
export function largePeriod(m: Index) {
  return queryOptions({
    queryKey: queryKeys.period(m),
    queryFn:
      m <= maxOwnModulus
        ? skipToken
        : async ({ signal }): Promise<PisanoPeriod> => {
            const { period, rank, factors } = await pisano.period(m, { signal });
            return {
              period: BigInt(period),
              rank: BigInt(rank),
              factors: factors.map(({ prime, exponent, period }) => ({
                prime: BigInt(prime),
                exponent,
                period: BigInt(period),
              })),
            };
          },
    staleTime: Number.POSITIVE_INFINITY,
  });
}
