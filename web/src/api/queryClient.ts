import { QueryClient } from "@tanstack/react-query";
import { isTransient } from "./problem";

const maxAttempts = 3;

/** Returns the cache of everything fetched. The page keeps the server's state nowhere else. */
export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Events report what is out of date. This bounds the age of data while none arrive.
        staleTime: 60_000,
        // A browser that considers itself offline can still reach a server on the same machine.
        networkMode: "always",
        retry: (failures, error) => isTransient(error) && failures < maxAttempts - 1,
      },
      mutations: {
        networkMode: "always",
      },
    },
  });
}
