import { QueryClient } from "@tanstack/react-query";
import { isTransient } from "./problem";

const attempts = 3;

/** Returns the cache of everything fetched; the page has no other state of the server's. */
export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Events say when something is out of date; this is for when they can't.
        staleTime: 60_000,
        // The browser's opinion of being online says nothing about a server
        // on the same machine.
        networkMode: "always",
        retry: (failures, error) => isTransient(error) && failures < attempts - 1,
      },
      mutations: {
        networkMode: "always",
      },
    },
  });
}
