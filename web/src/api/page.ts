/** A page of a list, as the API returns it. */
export interface Page<Item> {
  items: Item[];
  nextCursor?: string;
}

/** Which page to fetch: the first, or the one that a cursor names. */
export interface PageRequest {
  cursor?: string;
}

export const firstPage: PageRequest = {};

/** Items on a page. */
const pageSize = 20;

/** The options of a request for a page. */
export function pageParams(page: PageRequest, signal: AbortSignal) {
  return { params: { query: { limit: pageSize, ...page } }, signal };
}

export function nextPage({ nextCursor }: Page<unknown>): PageRequest | undefined {
  return nextCursor === undefined ? undefined : { cursor: nextCursor };
}
