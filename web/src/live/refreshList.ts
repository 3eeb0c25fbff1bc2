import type { Query, QueryClient } from "@tanstack/react-query";
import { firstPage, type Listed, type Page, type PagedList, type PageRequest, type Pages } from "../api/page";

/** The pages that are fetched until the end of what is new is found: usually one, and in a flood a long one. */
const newPages: PageRequest[] = [firstPage, { limit: 100 }];

/**
 * Fetches again what may have changed of a list: the pages before what is cached, usually one. As many of the further
 * items stay as there were; events keep them up to date. With `missed`, events may have been missed, so items that
 * are not final are not kept. Errors leave the list as it is.
 */
export async function refreshList<Item extends Listed & { state?: string }>(
  client: QueryClient,
  { key, fetch }: PagedList<Item>,
  { missed = false } = {},
): Promise<void> {
  const query = client.getQueryCache().find<Pages<Item>>({ queryKey: key, exact: true });
  if (query?.state.data === undefined || !query.isActive()) {
    // Fetched now if it is shown, and else when it is shown next.
    await client.invalidateQueries({ queryKey: key, exact: true }, { cancelRefetch: false });
    return;
  }
  const known = new Set(query.state.data.pages.flatMap(({ items }) => items.map(({ index }) => index)));
  const fresh: Page<Item>[] = [];
  try {
    for (const request of newPages) {
      const nextCursor = fresh.at(-1)?.nextCursor;
      fresh.push(await fetch({ ...request, ...(nextCursor !== undefined && { cursor: nextCursor }) }));
      if (meets(fresh, known)) {
        break;
      }
    }
  } catch {
    return;
  }
  // A page that is being fetched is added to what was cached when its request began.
  await untilIdle(client, query);
  client.setQueryData<Pages<Item>>(key, (cached) => cached && merge(fresh, cached, known, missed));
}

function untilIdle<Item>(client: QueryClient, query: Query<Pages<Item>>): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      if (query.state.fetchStatus === "idle") {
        stop();
        resolve();
      }
    };
    const stop = client.getQueryCache().subscribe(check);
    check();
  });
}

function meets(fresh: Page<Listed>[], known: ReadonlySet<number>): boolean {
  const last = fresh.at(-1);
  return last?.nextCursor === undefined || last.items.some(({ index }) => known.has(index));
}

/** The fresh pages, and those that were cached without what is in the fresh ones, until there are as many items as before. */
function merge<Item extends Listed & { state?: string }>(
  fresh: Page<Item>[],
  cached: Pages<Item>,
  known: ReadonlySet<number>,
  missed: boolean,
): Pages<Item> {
  const pages = [...fresh];
  const pageParams = fresh.map((_, i) => requestAfter(fresh[i - 1]));
  const listed = new Set(fresh.flatMap(({ items }) => items.map(({ index }) => index)));
  const rest = cached.pages
    .map((page) => ({ ...page, items: page.items.filter(({ index }) => !listed.has(index)) }))
    .filter(({ items }) => items.length > 0);
  if (!meets(fresh, known) || (missed && rest.some(({ items }) => items.some(isUnfinished)))) {
    return { pages, pageParams };
  }
  // New items that come one by one would leave ever more and smaller pages, and let the list grow.
  const isFragmented = cached.pages.length > 2 + countItems(cached.pages) / 10;
  let missing = countItems(cached.pages) - countItems(fresh);
  for (const page of rest) {
    if (missing <= 0) {
      break;
    }
    const previous = pages.at(-1);
    pageParams.push(requestAfter(previous));
    pages.push(isFragmented ? cut(page, missing, previous) : page);
    missing -= page.items.length;
  }
  return { pages, pageParams };
}

/** The first items of a page. What follows them is fetched by a request for the page, whose items are listed once. */
function cut<Item extends Listed>(
  page: Page<Item>,
  length: number,
  previous: Page<Item> | undefined,
): Page<Item> {
  return page.items.length > length && previous?.nextCursor !== undefined
    ? { ...page, items: page.items.slice(0, length), nextCursor: previous.nextCursor }
    : page;
}

function countItems(pages: Page<Listed>[]): number {
  return pages.reduce((sum, { items }) => sum + items.length, 0);
}

function requestAfter(page: Page<Listed> | undefined): PageRequest {
  return page?.nextCursor === undefined ? firstPage : { cursor: page.nextCursor };
}

function isUnfinished({ state }: { state?: string }): boolean {
  return state === "pending" || state === "calculating";
}
