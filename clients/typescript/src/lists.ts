/** The largest page that the server returns. */
const pageSize = 200;
/** How many indices the server takes at once. */
export const maxIndices = 1_000;
/** How many characters of indices a URL may have: some proxies refuse more than 8 KiB. */
const maxQuery = 7_000;

/** Splits indices into lists that fit into the query of a URL. */
export function* chunks(indices: number[]): Generator<number[], void> {
  let chunk: number[] = [];
  let length = 0;
  for (const index of indices) {
    length += `${index},`.length;
    if (chunk.length === maxIndices || length > maxQuery) {
      yield chunk;
      chunk = [];
      length = `${index},`.length;
    }
    chunk.push(index);
  }
  if (chunk.length > 0) {
    yield chunk;
  }
}

/** A page of a list. */
interface Page<T> {
  items: T[];
  nextCursor?: string;
}

/** Yields the items of the pages that read returns. */
export async function* items<T>(
  { limit = Number.POSITIVE_INFINITY, cursor }: { limit?: number; cursor?: string },
  read: (query: { limit: number; cursor?: string }) => Promise<Page<T>>,
): AsyncGenerator<T, void> {
  let next = cursor;
  for (let left = limit; left > 0; ) {
    const query = { limit: Math.min(left, pageSize) };
    const page = await read(next === undefined ? query : { ...query, cursor: next });
    yield* page.items;
    left -= page.items.length;
    next = page.nextCursor;
    if (next === undefined) {
      return;
    }
  }
}
