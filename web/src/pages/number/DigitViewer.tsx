import { Button, VisuallyHidden } from "@mantine/core";
import {
  type CSSProperties,
  type KeyboardEvent,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useMemo,
  useRef,
} from "react";
import type { CalculatedValue } from "../../api/values";
import { formatInteger, formatTerm } from "../../numbers/format";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { CopyButton } from "../../ui/ValueButtons";
import { DigitRow, type Marked, SampleRow } from "./DigitRow";
import styles from "./DigitViewer.module.css";
import { chunkSize, type DigitChunks } from "./digitChunks";
import { maxPrintedDigits } from "./PrintedDigits";
import { type RowLayout, rowsToDraw, visibleRows } from "./rowLayout";
import { scrollRange } from "./scrollRange";
import type { Jump } from "./useJump";
import { useRowLayout } from "./useRowLayout";
import { useVirtualScroll } from "./useVirtualScroll";

interface DigitViewerProps {
  value: CalculatedValue;
  chunks: DigitChunks;
  /** The digit to show. */
  jump: Jump | undefined;
  /** The digits to highlight. */
  marked: Marked | undefined;
}

/** All digits of a value in rows. Only those near the visible ones are loaded and drawn. */
export function DigitViewer({ value: { index, digitCount }, chunks, jump, marked }: DigitViewerProps) {
  const box = useRef<HTMLDivElement>(null);
  const sample = useRef<HTMLDivElement>(null);
  const layout = useRowLayout(box, sample);
  const { perRow, rowHeight, viewHeight } = layout;
  const rowCount = Math.ceil(digitCount / perRow);
  const contentHeight = rowCount * rowHeight;
  const range = useMemo(() => scrollRange(contentHeight), [contentHeight]);
  const scroll = useVirtualScroll(box, range, contentHeight, viewHeight);
  const drawn = rowsToDraw(scroll.top, layout, rowCount);
  const visible = visibleRows(scroll.top, layout, rowCount);
  const error = chunks.error();

  // When the window changes its width, and so the rows, the same digits stay visible.
  const firstDigit = useRef(0);
  useEffect(() => {
    firstDigit.current = visible.first * perRow;
  }, [visible.first, perRow]);
  const keepPosition = useEffectEvent(() =>
    scroll.moveTo(Math.floor(firstDigit.current / perRow) * rowHeight),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what moves the digits.
  useLayoutEffect(() => keepPosition(), [perRow, rowHeight]);

  const measured = viewHeight > 0;
  const show = useEffectEvent(({ position }: Jump) => {
    const row = Math.floor((position - 1) / perRow);
    scroll.moveTo((row + 0.5) * rowHeight - viewHeight / 2);
    box.current?.scrollIntoView({ block: "nearest" });
  });
  useLayoutEffect(() => {
    if (measured && jump !== undefined) {
      show(jump);
    }
  }, [measured, jump]);

  const firstChunk = Math.floor((drawn.first * perRow) / chunkSize);
  const lastChunk = Math.floor((Math.min(drawn.end * perRow, digitCount) - 1) / chunkSize);
  const ahead = scroll.forward ? lastChunk + 1 : firstChunk - 1;
  useEffect(() => {
    const numbers = Array.from({ length: lastChunk - firstChunk + 1 }, (_, i) => firstChunk + i);
    if (numbers.length > 0 && ahead >= 0 && ahead * chunkSize < digitCount) {
      numbers.push(ahead);
    }
    // What can be printed is there when it is printed, which cannot wait for it.
    if (numbers.length > 0 && digitCount <= maxPrintedDigits) {
      numbers.push(
        ...[...Array(Math.ceil(digitCount / chunkSize)).keys()].filter((number) => !numbers.includes(number)),
      );
    }
    chunks.request(numbers);
  }, [chunks, firstChunk, lastChunk, ahead, digitCount]);

  function onKeyDown(event: KeyboardEvent) {
    const top = topAfter(event, scroll.top, layout, contentHeight);
    if (top !== undefined) {
      event.preventDefault();
      scroll.moveTo(top);
    }
  }

  const rows = Array.from({ length: drawn.end - drawn.first }, (_, i) => drawn.first + i);
  const whole = visible.first === 0 && visible.end === rowCount;
  const from = visible.first * perRow;
  const to = Math.min(visible.end * perRow, digitCount);
  return (
    <div
      className={styles.viewer}
      style={{ "--position-width": `${formatInteger(digitCount).length}ch` } as CSSProperties}
    >
      <div className={styles.frame}>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields. */}
        <div
          ref={box}
          role="group"
          aria-label={`Digits of ${formatTerm(index)}`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: keyboards must be able to scroll it.
          tabIndex={0}
          className={styles.box}
          data-digits
          onScroll={scroll.onScroll}
          onKeyDown={onKeyDown}
        >
          <div className={styles.content} style={{ height: range.height }}>
            <div className={styles.rows} style={{ top: drawn.first * rowHeight - scroll.offset }}>
              {rows.map((row) => (
                <DigitRow
                  key={row}
                  position={row * perRow + 1}
                  digits={chunks.digits(row * perRow, perRow)}
                  {...markedIn(row * perRow, perRow, marked)}
                />
              ))}
            </div>
            <SampleRow ref={sample} digitCount={digitCount} />
          </div>
        </div>
        {error !== undefined && (
          <div className={styles.problem}>
            <ProblemNotice error={error} onRetry={() => chunks.retry()} />
          </div>
        )}
      </div>
      <div className={styles.footer}>
        <span aria-hidden>
          {whole
            ? "All digits shown"
            : `Digits ${formatInteger(from + 1)}–${formatInteger(to)} of ${formatInteger(digitCount)}`}
        </span>
        <VisuallyHidden role="status">
          {scroll.resting && !whole && `Digits ${formatInteger(from + 1)} to ${formatInteger(to)}`}
        </VisuallyHidden>
        {!whole && (
          <span className={styles.actions}>
            <span className={styles.pages}>
              <Button
                variant="default"
                aria-disabled={visible.first === 0}
                onClick={() => scroll.moveTo(scroll.top - pageHeight(layout))}
              >
                Back
              </Button>
              <Button
                variant="default"
                aria-disabled={visible.end === rowCount}
                onClick={() => scroll.moveTo(scroll.top + pageHeight(layout))}
              >
                Next
              </Button>
            </span>
            <CopyButton text={chunks.digits(from, to - from)} name="these digits" compact />
          </span>
        )}
      </div>
    </div>
  );
}

/** Where the highlighted digits are in a row, if one of them is in it. */
function markedIn(
  first: number,
  count: number,
  marked: Marked | undefined,
): { markFrom?: number; markTo?: number } {
  if (marked === undefined || marked.to <= first || marked.from >= first + count) {
    return {};
  }
  return { markFrom: marked.from - first, markTo: marked.to - first };
}

/** What a step to the next page scrolls: all visible rows but one. */
function pageHeight({ rowHeight, viewHeight }: RowLayout): number {
  return Math.max(1, Math.floor(viewHeight / rowHeight) - 1) * rowHeight;
}

/** Returns the position that a key scrolls to, if it scrolls. The browser itself would not scroll by rows. */
function topAfter(
  { key, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent,
  top: number,
  layout: RowLayout,
  contentHeight: number,
): number | undefined {
  if (ctrlKey || metaKey || altKey) {
    return undefined;
  }
  const page = pageHeight(layout);
  switch (key) {
    case "ArrowUp":
      return top - layout.rowHeight;
    case "ArrowDown":
      return top + layout.rowHeight;
    case "PageUp":
      return top - page;
    case "PageDown":
      return top + page;
    case " ":
      return shiftKey ? top - page : top + page;
    case "Home":
      return 0;
    case "End":
      return contentHeight;
    default:
      return undefined;
  }
}
