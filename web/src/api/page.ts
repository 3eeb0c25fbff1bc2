import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryKey,
  replaceEqualDeep,
} from "@tanstack/react-query";

/** What an item of a list has at least. */
export type Listed = { index: number };

/** A page of a list, as the API returns it. */
export interface Page<Item> {
  items: Item[];
  nextCursor?: string;
}

/** Which page to fetch: the first, or the one that a cursor names, and how long it may be. */
export interface PageRequest {
  cursor?: string;
  limit?: number;
}

export const firstPage: PageRequest = {};

/** Items on a page, unless more are requested. */
const pageSize = 20;

/** The options of a request for a page. */
export function pageParams(page: PageRequest, signal?: AbortSignal) {
  return { params: { query: { limit: pageSize, ...page } }, ...(signal && { signal }) };
}

/** The fetched pages of a list. */
export type Pages<Item> = InfiniteData<Page<Item>, PageRequest>;

/** A list that is fetched page by page. */
export interface PagedList<Item> {
  key: QueryKey;
  fetch(page: PageRequest, signal?: AbortSignal): Promise<Page<Item>>;
}

/** The query of a list. A fetched list is only refetched by refreshList, which needs less than all of its pages. */
export function pagedQuery<Item extends Listed>(list: PagedList<Item>) {
  return infiniteQueryOptions<Page<Item>, Error, Pages<Item>, QueryKey, PageRequest>({
    queryKey: list.key,
    queryFn: ({ pageParam, signal }) => list.fetch(pageParam, signal),
    initialPageParam: firstPage,
    getNextPageParam: ({ nextCursor }: Page<Item>) =>
      nextCursor === undefined ? undefined : { cursor: nextCursor },
    structuralSharing: (before, after) => shareItems(before as Pages<Item> | undefined, after as Pages<Item>),
    refetchOnMount: false,
    refetchOnReconnect: false,
    refetchOnWindowFocus: false,
  });
}

/**
 * Returns the pages after a change with the objects of those before it, as far as they are equal, so that only rows
 * that have changed are rendered again. Items are compared by their index: a new one moves all others.
 */
export function shareItems<Item extends Listed>(
  before: Pages<Item> | undefined,
  after: Pages<Item>,
): Pages<Item> {
  if (before === undefined) {
    return after;
  }
  const known = new Map(before.pages.flatMap(({ items }) => items).map((item) => [item.index, item]));
  const pages = after.pages.map((page, i) => {
    const items = page.items.map((item) => replaceEqualDeep(known.get(item.index), item));
    const former = before.pages[i];
    return former !== undefined && isSame(former, { ...page, items }) ? former : { ...page, items };
  });
  const pageParams = replaceEqualDeep(before.pageParams, after.pageParams);
  return pageParams === before.pageParams && areSame(before.pages, pages) ? before : { pages, pageParams };
}

function isSame<Item>(a: Page<Item>, b: Page<Item>): boolean {
  return a.nextCursor === b.nextCursor && areSame(a.items, b.items);
}

function areSame<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
