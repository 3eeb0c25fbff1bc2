import { Button, Skeleton, Text } from "@mantine/core";
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import {
  memo,
  type ReactNode,
  useDeferredValue,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
  useTransition,
} from "react";
import type { Listed, Page, Pages } from "../../api/page";
import { Panel } from "../../ui/Panel";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { usePrinting } from "../../ui/usePrinting";
import { useRestoreFocus } from "../../ui/useRestoreFocus";
import { whenIdle } from "../../ui/whenIdle";
import styles from "./LiveList.module.css";

/** Rows that a list begins with: few, so that what is below it is near. */
const initialRows = 6;
/** Rows that are added on demand. */
const moreRows = 20;

interface LiveListProps<Item extends Listed> {
  title: string;
  /** Where a link leads that skips the list, and what it says. */
  skipTo?: { id: string; text: string };
  /** Where such a link leads that skips another list. */
  id?: string;
  /** One sentence that says what is listed. */
  description: string;
  query: UseInfiniteQueryResult<Pages<Item>>;
  /** Shown while the list is empty: how it fills. */
  empty: string;
  /** Renders an item. Always the same function, so that only items that have changed are rendered again. */
  children(item: Item): ReactNode;
}

/** A paged list in each of its states: loading, failed, empty, and with items. */
export function LiveList<Item extends Listed>(props: LiveListProps<Item>) {
  const { title, description, query, skipTo, id } = props;
  return (
    <Panel title={title} description={description} {...(id !== undefined && { id })}>
      {skipTo !== undefined && (
        <a href={`#${skipTo.id}`} className={styles.skip}>
          {skipTo.text}
        </a>
      )}
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

function Items<Item extends Listed>({
  query,
  empty,
  children,
  pages,
}: LiveListProps<Item> & { pages: Page<Item>[] }) {
  const [shown, setShown] = useState(initialRows);
  const [isAdding, startAdding] = useTransition();
  const count = useMemo(() => distinct(pages).length, [pages]);
  // A user who types or taps does not wait for rows.
  const drawn = useDeferredValue(pages);
  const rows = useMemo(() => distinct(drawn).slice(0, shown), [drawn, shown]);
  if (count === 0) {
    return (
      <Text className={styles.notice ?? ""} c="dimmed">
        {empty}
      </Text>
    );
  }
  return (
    <>
      <Rows items={rows} render={children} />
      <More
        query={query}
        missing={shown - count}
        pageCount={pages.length}
        isAdding={isAdding}
        onMore={() => startAdding(() => setShown((before) => before + moreRows))}
      />
    </>
  );
}

interface RowsProps<Item> {
  items: Item[];
  render(item: Item): ReactNode;
}

/** The rows of a list. Of many that come at once, only the first are rendered at once. */
function RowsOf<Item extends Listed>({ items, render }: RowsProps<Item>) {
  const printing = usePrinting();
  const before = useRef<ReadonlySet<number>>(new Set());
  useEffect(() => {
    before.current = new Set(items.map(({ index }) => index));
  }, [items]);
  // Rows behind the last one that was there are wanted now.
  const last = items.findLastIndex(({ index }) => before.current.has(index));
  const hasCome = (position: number) => before.current.size > 0 && (last < 0 || position < last);
  return (
    <ul className={styles.items}>
      {items.map((item, position) => (
        <Row
          key={item.index}
          item={item}
          render={render}
          waits={position >= initialRows && hasCome(position)}
          printing={printing}
        />
      ))}
    </ul>
  );
}

const Rows = memo(RowsOf) as typeof RowsOf;

interface RowProps<Item> {
  item: Item;
  render(item: Item): ReactNode;
  /** Whether a new row is rendered only when there is time. */
  waits: boolean;
  printing: boolean;
}

function RowOf<Item>({ item, render, waits, printing }: RowProps<Item>) {
  const [isReady, setReady] = useState(!waits);
  useEffect(() => (isReady ? undefined : whenIdle(() => setReady(true))), [isReady]);
  return (
    <li tabIndex={-1} className={styles.item}>
      {(isReady || printing) && render(item)}
    </li>
  );
}

const Row = memo(RowOf) as typeof RowOf;

interface MoreProps<Item> {
  query: UseInfiniteQueryResult<Pages<Item>>;
  /** How many rows are to be shown that are not loaded; negative if more are loaded. */
  missing: number;
  /** Pages loaded so far. */
  pageCount: number;
  /** Whether rows are being added. */
  isAdding: boolean;
  onMore(): void;
}

/** The end of a list: a button that shows more, which is loaded as far as it is missing. */
function More<Item>({ query, missing, pageCount, isAdding, onMore }: MoreProps<Item>) {
  // Read on every render: the query re-renders only for the properties that were read.
  const { isFetching, isError, hasNextPage } = query;
  const wanted = missing > 0 && pageCount > 0 && hasNextPage && !isFetching && !isError;
  const loadNextPage = useEffectEvent(() => void query.fetchNextPage({ cancelRefetch: false }));
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page may not be enough.
  useEffect(() => {
    if (wanted) {
      loadNextPage();
    }
  }, [wanted, pageCount]);

  if (query.isFetchNextPageError) {
    return (
      <div className={styles.notice}>
        <ProblemNotice error={query.error} onRetry={() => void query.fetchNextPage()} />
      </div>
    );
  }
  if (missing >= 0 && !hasNextPage) {
    return undefined;
  }
  return <MoreButton isLoading={query.isFetchingNextPage} isAdding={isAdding} onMore={onMore} />;
}

interface MoreButtonProps extends Pick<MoreProps<never>, "isAdding" | "onMore"> {
  isLoading: boolean;
}

/** When there is no more to show, the focus of the button moves to the last row. */
function MoreButton({ isLoading, isAdding, onMore }: MoreButtonProps) {
  const more = useRestoreFocus<HTMLDivElement>(lastRowBefore);
  return (
    <div ref={more} className={styles.more}>
      <Button variant="default" fullWidth aria-busy={isAdding || isLoading} onClick={onMore}>
        {isLoading ? "Loading…" : "Show more"}
      </Button>
    </div>
  );
}

function lastRowBefore(more: HTMLElement): HTMLElement | null | undefined {
  return more.parentElement?.querySelector<HTMLElement>(":scope > ul > :last-child");
}

/** So high that what is below is out of sight, whether rows take its place or the sentence that there are none. */
function Loading({ title }: { title: string }) {
  return (
    <div role="status" aria-label={`Loading ${title}`} className={styles.items}>
      {Array.from({ length: 3 }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row has no other identity.
        <div key={row} className={styles.item}>
          <div className={styles.placeholder}>
            <Skeleton height={18} width={`${70 - 9 * (row % 3)}%`} />
            <Skeleton height={12} width="55%" />
          </div>
        </div>
      ))}
    </div>
  );
}

/** Returns the items of pages, each once: pages overlap when items arrive between their requests. */
function distinct<Item extends Listed>(pages: Page<Item>[]): Item[] {
  return [...new Map(pages.flatMap(({ items }) => items.map((item) => [item.index, item]))).values()];
}
