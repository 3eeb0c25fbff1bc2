/** A page of a list, as the API hands them out. */
export interface Page<Item> {
  items: Item[];
  nextCursor?: string;
}

/** Which page to ask for: the first, or the one where another said it goes on. */
export interface PageRequest {
  cursor?: string;
}

export const firstPage: PageRequest = {};

/** How many items are asked for at a time. */
const pageSize = 20;

/** What a list is asked for a page. */
export function pageParams(page: PageRequest, signal: AbortSignal) {
  return { params: { query: { limit: pageSize, ...page } }, signal };
}

/** The page in an answer. */
export async function pageIn<Item>(
  answer: Promise<{ data?: Page<Item>; response: Response }>,
): Promise<Page<Item>> {
  const { data, response } = await answer;
  if (data === undefined) {
    throw new Error(`a list was answered with ${response.status} and nothing`);
  }
  return data;
}

export function nextPage({ nextCursor }: Page<unknown>): PageRequest | undefined {
  return nextCursor === undefined ? undefined : { cursor: nextCursor };
}
