import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { ScrollRange } from "./scrollRange";

/** The scroll position is at rest once it has not changed for this long. */
const restMs = 150;

interface VirtualScroll {
  /** The position in the content at the top of the visible part. */
  top: number;
  /** How far the content is shifted against the scrolled element. */
  offset: number;
  /** Whether the last move was towards the end. */
  forward: boolean;
  /** Whether the scroll position is at rest. */
  resting: boolean;
  moveTo(top: number): void;
  onScroll(): void;
}

/**
 * Scrolls through content that is taller than an element can be. A small move, by
 * wheel, finger or key, moves the content by the same distance; a large one, by
 * the scroll bar, to the same fraction of the whole. At rest the scroll bar is set
 * to match the position, without moving the content.
 */
export function useVirtualScroll(
  box: RefObject<HTMLElement | null>,
  range: ScrollRange,
  contentHeight: number,
  viewHeight: number,
): VirtualScroll {
  const [view, setView] = useState({ scroll: 0, offset: 0, forward: true, resting: true });
  const latest = useRef(view);
  latest.current = view;

  const moveTo = useCallback(
    (target: number) => {
      const element = box.current;
      if (element === null) {
        return;
      }
      const before = latest.current.scroll + latest.current.offset;
      const top = Math.max(0, Math.min(target, contentHeight - viewHeight));
      element.scrollTop = range.toScroll(top);
      // Browsers round to device pixels.
      const scroll = element.scrollTop;
      latest.current = {
        scroll,
        offset: top - scroll,
        forward: top === before ? latest.current.forward : top > before,
        resting: false,
      };
      setView(latest.current);
    },
    [box, range, contentHeight, viewHeight],
  );

  function onScroll() {
    const scroll = box.current?.scrollTop ?? 0;
    const { scroll: before, offset } = latest.current;
    const moved = scroll - before;
    if (moved === 0) {
      return;
    }
    latest.current = {
      scroll,
      offset: Math.abs(moved) > viewHeight ? range.toContent(scroll) - scroll : offset,
      forward: moved > 0,
      resting: false,
    };
    setView(latest.current);
  }

  useEffect(() => {
    if (view.resting) {
      return;
    }
    let frame = 0;
    const settle = () => {
      const { scroll, offset } = latest.current;
      if (latest.current !== view || box.current?.scrollTop !== scroll) {
        return; // It has moved again; an event will follow.
      }
      if (Math.abs(range.toScroll(scroll + offset) - scroll) >= 1) {
        moveTo(scroll + offset);
      }
      latest.current = { ...latest.current, resting: true };
      setView(latest.current);
    };
    // A browser that is busy may draw less often than restMs, and tells only with a frame how far it has scrolled.
    const rest = setTimeout(() => {
      frame = requestAnimationFrame(() => {
        frame = requestAnimationFrame(settle);
      });
    }, restMs);
    return () => {
      clearTimeout(rest);
      cancelAnimationFrame(frame);
    };
  }, [view, box, range, moveTo]);

  return {
    top: view.scroll + view.offset,
    offset: view.offset,
    forward: view.forward,
    resting: view.resting,
    moveTo,
    onScroll,
  };
}
