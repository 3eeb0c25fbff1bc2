/** The largest height of an element, in CSS pixels, that every browser draws correctly. Firefox fails before 18 million. */
const maxHeight = 8_000_000;

/** Within this distance of either end, a pixel of scrolling is always a pixel of content. */
const exactHeight = 200_000;

/**
 * Maps the scroll position of an element to a position in content that may be
 * taller than any element can be. Near both ends a pixel is a pixel; between them,
 * a pixel of scrolling is more than one of such content.
 */
export interface ScrollRange {
  /** The height of the scrolled element. */
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
