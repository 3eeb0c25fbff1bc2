/** A page of a list, as the API hands them out. */
export interface Page<Item> {
  items: Item[];
  nextCursor?: string;
}

/** Which page to ask for: the first, or the one where another said it goes on. */
export interface PageRequest {
  cursor?: string;
}

/** How many items are asked for at a time. */
export const pageSize = 20;

export const firstPage: PageRequest = {};

export function pageAfter({ nextCursor }: Page<unknown>): PageRequest | undefined {
  return nextCursor === undefined ? undefined : { cursor: nextCursor };
}
