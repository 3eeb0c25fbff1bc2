import { Button, Skeleton, Text } from "@mantine/core";
import { useIntersection } from "@mantine/hooks";
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { type ReactNode, useEffect, useEffectEvent } from "react";
import type { Page } from "../../api/page";
import { Panel } from "../../ui/Panel";
import { ProblemNotice } from "../../ui/ProblemNotice";
import styles from "./LiveList.module.css";

/** Pages that a list loads by itself as one scrolls. Further pages take a button, so that one can reach what is below the list. */
const maxAutomaticPages = 10;
/** How far below the window the end of the list may be when the next page is loaded. */
const prefetchMargin = "600px";

interface LiveListProps<Item extends { index: number }> {
  title: string;
  /** One sentence that says what is listed. */
  description: string;
  query: UseInfiniteQueryResult<InfiniteData<Page<Item>>>;
  /** Shown while the list is empty: how it fills. */
  empty: string;
  children(item: Item): ReactNode;
}

/** A paged list in each of its states: loading, failed, empty, and with items. */
export function LiveList<Item extends { index: number }>(props: LiveListProps<Item>) {
  const { title, description, query } = props;
  return (
    <Panel title={title} description={description}>
      {query.data !== undefined ? (
        <Items {...props} pages={query.data.pages} />
      ) : query.isError ? (
        <div className={styles.notice}>
          <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
        </div>
      ) : (
        <Loading title={title} />
      )}
    </Panel>
  );
}

function Items<Item extends { index: number }>({
  query,
  empty,
  children,
  pages,
}: LiveListProps<Item> & { pages: Page<Item>[] }) {
  const items = distinct(pages.flatMap((page) => page.items));
  if (items.length === 0) {
    return (
      <Text className={styles.notice ?? ""} c="dimmed">
        {empty}
      </Text>
    );
  }
  return (
    <>
      <ul className={styles.items}>
        {items.map((item) => (
          <li key={item.index} tabIndex={-1} className={styles.item}>
            {children(item)}
          </li>
        ))}
      </ul>
      {query.hasNextPage && <LoadMore query={query} pageCount={pages.length} />}
    </>
  );
}

interface LoadMoreProps<Item> {
  query: UseInfiniteQueryResult<InfiniteData<Page<Item>>>;
  /** Pages loaded so far. */
  pageCount: number;
}

function LoadMore<Item>({ query, pageCount }: LoadMoreProps<Item>) {
  const { ref, entry } = useIntersection<HTMLDivElement>({ rootMargin: prefetchMargin });
  const near = entry?.isIntersecting === true && pageCount < maxAutomaticPages;
  // Read on every render: the query re-renders only for the properties that were read.
  const { isFetching, isError } = query;
  const wanted = near && !isFetching && !isError;
  const loadMoreNow = useEffectEvent(() => void loadMore());
  useEffect(() => {
    if (wanted) {
      loadMoreNow();
    }
  }, [wanted]);

  if (query.isFetchNextPageError) {
    return (
      <div className={styles.notice}>
        <ProblemNotice error={query.error} onRetry={() => void query.fetchNextPage()} />
      </div>
    );
  }

  // During a refetch of the list, fetchNextPage only waits for it: cancelling it would lose the change
  // that it was started for. A second call then loads the page.
  async function loadMore() {
    const { data } = await query.fetchNextPage({ cancelRefetch: false });
    if (data?.pages.length === pageCount) {
      await query.fetchNextPage({ cancelRefetch: false });
    }
  }

  return (
    <div ref={ref} className={styles.more}>
      <Button
        variant="default"
        fullWidth
        aria-busy={query.isFetchingNextPage}
        onClick={() => void loadMore()}
      >
        {query.isFetchingNextPage ? "Loading…" : "Load more"}
      </Button>
    </div>
  );
}

function Loading({ title }: { title: string }) {
  return (
    <div role="status" aria-label={`Loading ${title}`} className={styles.notice}>
      {["70%", "45%", "60%"].map((width) => (
        <Skeleton key={width} height={18} width={width} my={14} />
      ))}
    </div>
  );
}

/** Removes duplicates: pages overlap when items arrive between their requests. */
function distinct<Item extends { index: number }>(items: Item[]): Item[] {
  return [...new Map(items.map((item) => [item.index, item])).values()];
}
