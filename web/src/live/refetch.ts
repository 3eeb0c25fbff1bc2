import type { QueryClient, QueryKey } from "@tanstack/react-query";

/**
 * Fetches anew what is shown. A fetch already under way may have been answered
 * before the event that asks for this one; it is waited for and not taken for
 * an answer, nor broken off: it may bring the next page.
 */
export async function refetch(client: QueryClient, queryKey: QueryKey) {
  const underWay = { cancelRefetch: false };
  if (client.isFetching({ queryKey }) > 0) {
    await client.refetchQueries({ queryKey, type: "active" }, underWay);
  }
  await client.invalidateQueries({ queryKey }, underWay);
}
