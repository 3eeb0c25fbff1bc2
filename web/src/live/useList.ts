import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { type PagedList, pagedQuery } from "../api/page";
import { refreshList } from "./refreshList";

/** The pages of a list, which are brought up to date when the list is shown again. */
export function useList<Item extends { index: number; state?: string }>(list: PagedList<Item>) {
  const client = useQueryClient();
  const query = useInfiniteQuery(pagedQuery(list));
  const refreshStale = useEffectEvent(() => {
    if (query.data !== undefined && query.isStale) {
      void refreshList(client, list, { missed: true });
    }
  });
  useEffect(() => refreshStale(), []);
  return query;
}
