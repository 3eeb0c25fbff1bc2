import type { QueryClient, QueryKey } from "@tanstack/react-query";

/**
 * Fetches again what is shown under a key. A fetch that is already running may
 * have been answered before the change that calls for this one, so it does not
 * count; nor is it cancelled, because it may load the next page of a list.
 */
export async function refetch(client: QueryClient, queryKey: QueryKey) {
  const withoutCancelling = { cancelRefetch: false };
  if (client.isFetching({ queryKey }) > 0) {
    await client.refetchQueries({ queryKey, type: "active" }, withoutCancelling);
  }
  await client.invalidateQueries({ queryKey }, withoutCancelling);
}
