/** Higher than this, in CSS pixels, browsers draw no element rightly: Firefox gives up before 18 million. */
const maxHeight = 8_000_000;

/** So far from either end, a pixel of scrolling is a pixel of content in any case. */
const exactHeight = 200_000;

/**
 * How the scroll position of an element stands for a position in content that
 * may be higher than any element can be. Near both ends one pixel stands for one;
 * between them, where the content is too high, for some more.
 */
export interface ScrollRange {
  /** The height that the scrolled element must have. */
  height: number;
  /** The content's position for a scroll position. */
  toContent(scrollTop: number): number;
  /** The scroll position for a position in the content. */
  toScroll(top: number): number;
}

export function scrollRange(contentHeight: number, max = maxHeight, exact = exactHeight): ScrollRange {
  if (contentHeight <= max) {
    return { height: contentHeight, toContent: (top) => top, toScroll: (top) => top };
  }
  const hidden = contentHeight - max;
  const scale = (contentHeight - 2 * exact) / (max - 2 * exact);
  return {
    height: max,
    toContent(top) {
      if (top <= exact) {
        return top;
      }
      return top >= max - exact ? top + hidden : exact + (top - exact) * scale;
    },
    toScroll(top) {
      if (top <= exact) {
        return top;
      }
      return top >= contentHeight - exact ? top - hidden : exact + (top - exact) / scale;
    },
  };
}
