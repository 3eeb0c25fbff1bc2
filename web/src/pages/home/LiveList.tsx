import { Button, Skeleton, Text, Title } from "@mantine/core";
import { useIntersection } from "@mantine/hooks";
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { type ReactNode, useEffect, useEffectEvent, useId } from "react";
import type { Page } from "../../api/page";
import { ProblemNotice } from "../../ui/ProblemNotice";
import styles from "./LiveList.module.css";

/** How many pages a list shows by itself as one scrolls: who wants more says so, who wants what is below gets there. */
const pagesByScrolling = 10;
/** How far below the window the end of a list may be when more is asked for. */
const lookAhead = "600px";

interface LiveListProps<Item extends { index: number }> {
  title: string;
  /** One sentence that says what is listed. */
  description: string;
  query: UseInfiniteQueryResult<InfiniteData<Page<Item>>>;
  /** Shown while there is nothing: what to do so that there is. */
  empty: string;
  children(item: Item): ReactNode;
}

/** A paged list in each of its states: loading, failed, empty, and with items. */
export function LiveList<Item extends { index: number }>(props: LiveListProps<Item>) {
  const { title, description, query } = props;
  const heading = useId();
  return (
    <section aria-labelledby={heading} className={styles.list}>
      <header className={styles.header}>
        <Title order={2} size="h3" id={heading}>
          {title}
        </Title>
        <Text size="sm" c="dimmed">
          {description}
        </Text>
      </header>
      {query.data !== undefined ? (
        <Items {...props} pages={query.data.pages} />
      ) : query.isError ? (
        <div className={styles.notice}>
          <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
        </div>
      ) : (
        <Loading title={title} />
      )}
    </section>
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
  /** How many there are so far. */
  pageCount: number;
}

function LoadMore<Item>({ query, pageCount }: LoadMoreProps<Item>) {
  const { ref, entry } = useIntersection<HTMLDivElement>({ rootMargin: lookAhead });
  const near = entry?.isIntersecting === true && pageCount < pagesByScrolling;
  // Read even while they don't matter: the query tells only of what is read.
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

  // While the list is being fetched anew, asking for more waits for that and
  // brings nothing else: breaking it off would lose what it was fetched for.
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

/** Pages fetched one after the other overlap when items arrive in between. */
function distinct<Item extends { index: number }>(items: Item[]): Item[] {
  return [...new Map(items.map((item) => [item.index, item])).values()];
}
