import { hashKey, notifyManager, type QueryClient, type QueryKey } from "@tanstack/react-query";
import { type SeenIndex, seenIndices } from "../api/indices";
import type { Pages } from "../api/page";
import { queryKeys } from "../api/queryKeys";
import { calculatedValues, type ValueState } from "../api/values";
import { coalesce } from "./coalesce";
import { collect } from "./collect";
import type { Connection, IndexEvent } from "./events";
import { refetch } from "./refetch";
import { refreshList } from "./refreshList";

/** The least time between two refetches of a list, however many events arrive. */
const refetchPauseMs = 500;

/** Events that come within this time are applied together, so that a burst of them is rendered once. */
const burstMs = 100;

/** Returns handlers that keep cached data up to date with events. */
export function createCacheUpdater(client: QueryClient) {
  let missed = false;
  const refreshSeen = coalesce(() => {
    const options = { missed };
    missed = false;
    return refreshList(client, seenIndices, options);
  }, refetchPauseMs);
  const refreshValues = coalesce(() => refreshList(client, calculatedValues), refetchPauseMs);

  const burst = collect((events: IndexEvent[]) => {
    const final = events.filter(({ kind }) => kind !== "progress");
    notifyManager.batch(() => {
      patch<Pages<SeenIndex>>(client, queryKeys.indices, (data) => withEvents(data, events));
      for (const event of events) {
        if (event.kind === "progress") {
          patch<ValueState>(client, queryKeys.valueState(event.index), (state) => applyEvent(state, event));
        }
      }
    });
    if (final.length > 0) {
      refreshSeen();
    }
    if (final.some(({ kind }) => kind === "calculated")) {
      refreshValues();
    }
    for (const index of new Set(final.map(({ index }) => index))) {
      if (isCached(client, index)) {
        void refetch(client, queryKeys.valueState(index));
      }
    }
  }, burstMs);

  return {
    onEvent(event: IndexEvent) {
      burst.add(event);
      // What somebody looks at does not wait.
      if (isCached(client, event.index)) {
        burst.flush();
      }
    },

    /** Events may have been missed while there was no connection. */
    onConnection(connection: Connection) {
      if (connection === "live") {
        missed = true;
        refreshSeen();
        refreshValues();
        void refetch(client, queryKeys.valueStates);
      }
    },
  };
}

function isCached(client: QueryClient, index: number): boolean {
  return client.getQueryCache().get(hashKey(queryKeys.valueState(index))) !== undefined;
}

/** Applies events to the items of their indices, wherever they are in the list. */
function withEvents(data: Pages<SeenIndex>, events: IndexEvent[]): Pages<SeenIndex> {
  const eventsOf = new Map<number, IndexEvent[]>();
  for (const event of events) {
    eventsOf.set(event.index, [...(eventsOf.get(event.index) ?? []), event]);
  }
  const apply = (item: SeenIndex) =>
    (eventsOf.get(item.index) ?? []).reduce(
      (changed, event) => ({
        ...applyEvent(changed, event),
        ...(event.kind === "seen" && { lastSeenAt: event.at }),
      }),
      item,
    );
  const isChanged = ({ index }: SeenIndex) => eventsOf.has(index);
  return data.pages.some(({ items }) => items.some(isChanged))
    ? { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.map(apply) })) }
    : data;
}

function applyEvent<T extends { state: SeenIndex["state"]; progress?: number; reason?: string }>(
  item: T,
  { kind, progress, reason }: IndexEvent,
): T {
  const { progress: _, reason: __, ...rest } = item;
  switch (kind) {
    case "progress":
      // The event is older than a calculated value.
      return item.state === "calculated" || progress === undefined
        ? item
        : ({ ...rest, state: "calculating", progress } as T);
    case "calculated":
      return { ...rest, state: "calculated" } as T;
    case "failed":
      return { ...rest, state: "failed", ...(reason !== undefined && { reason }) } as T;
    case "seen":
      return item.state === "failed" ? ({ ...rest, state: "pending" } as T) : item;
  }
}

/** Changes cached data without making it fresh: data that is out of date remains so. */
function patch<Data>(client: QueryClient, queryKey: QueryKey, change: (data: Data) => Data) {
  const state = client.getQueryState<Data>(queryKey);
  if (state?.data === undefined) {
    return;
  }
  const changed = change(state.data);
  if (changed === state.data) {
    return;
  }
  client.setQueryData<Data>(queryKey, changed, { updatedAt: state.dataUpdatedAt });
  if (state.isInvalidated) {
    void client.invalidateQueries({ queryKey, exact: true, refetchType: "none" });
  }
}
