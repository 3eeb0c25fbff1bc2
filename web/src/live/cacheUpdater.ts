import type { InfiniteData, QueryClient, QueryKey } from "@tanstack/react-query";
import type { SeenIndex } from "../api/indices";
import type { Page, PageRequest } from "../api/page";
import { queryKeys } from "../api/queryKeys";
import type { ValueState } from "../api/values";
import { coalesce } from "./coalesce";
import type { Connection, IndexEvent } from "./events";
import { refetch } from "./refetch";

/** The least time between two refetches of a list, however many events arrive. */
const refetchPauseMs = 500;

/** Returns handlers that keep cached data up to date with events. */
export function createCacheUpdater(client: QueryClient) {
  const refetchSeen = coalesce(() => refetch(client, queryKeys.indices), refetchPauseMs);
  const refetchValues = coalesce(() => refetch(client, queryKeys.values), refetchPauseMs);

  return {
    onEvent(event: IndexEvent) {
      if (event.kind === "progress") {
        showProgress(client, event);
        return;
      }
      refetchSeen();
      if (event.kind === "calculated") {
        refetchValues();
      }
      void refetch(client, queryKeys.valueState(event.index));
    },

    /** Events may have been missed while there was no connection. */
    onConnection(connection: Connection) {
      if (connection === "live") {
        refetchSeen();
        refetchValues();
        void refetch(client, queryKeys.valueStates);
      }
    },
  };
}

function showProgress(client: QueryClient, { index, progress }: IndexEvent) {
  if (progress === undefined) {
    return;
  }
  function withProgress<T extends { index: number; state: SeenIndex["state"] }>(item: T): T {
    // The event is older than a calculated value.
    return item.index === index && item.state !== "calculated"
      ? { ...item, state: "calculating", progress }
      : item;
  }
  patch<InfiniteData<Page<SeenIndex>, PageRequest>>(client, queryKeys.indices, (data) => ({
    ...data,
    pages: data.pages.map((page) => ({ ...page, items: page.items.map(withProgress) })),
  }));
  patch<ValueState>(client, queryKeys.valueState(index), withProgress);
}

/** Changes cached data without making it fresh: data that is out of date remains so. */
function patch<Data>(client: QueryClient, queryKey: QueryKey, change: (data: Data) => Data) {
  const state = client.getQueryState<Data>(queryKey);
  if (state?.data === undefined) {
    return;
  }
  client.setQueryData<Data>(queryKey, change(state.data), { updatedAt: state.dataUpdatedAt });
  if (state.isInvalidated) {
    void client.invalidateQueries({ queryKey, exact: true, refetchType: "none" });
  }
}
