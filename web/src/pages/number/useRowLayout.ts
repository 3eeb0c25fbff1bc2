import { type RefObject, useLayoutEffect, useState } from "react";
import { digitsPerRow, type RowLayout } from "./rowLayout";

/** Before the first measurement nothing is visible, so nothing is drawn. */
const unmeasured: RowLayout = { perRow: 100, rowHeight: 26, viewHeight: 0 };

/**
 * Measures how digits fit into a box by a sample row in it, whose last element
 * holds one group. Measures again when the box or the font changes.
 */
export function useRowLayout(
  box: RefObject<HTMLElement | null>,
  sample: RefObject<HTMLElement | null>,
): RowLayout {
  const [layout, setLayout] = useState(unmeasured);

  useLayoutEffect(() => {
    const row = sample.current;
    const digits = row?.lastElementChild;
    const group = digits?.firstElementChild;
    if (box.current === null || !row || !digits || !group) {
      return;
    }
    const frame = box.current;
    const observer = new ResizeObserver(() => {
      const gap = Number.parseFloat(getComputedStyle(digits).columnGap);
      setLayout({
        perRow: digitsPerRow(digits.clientWidth, group.getBoundingClientRect().width, gap),
        rowHeight: row.getBoundingClientRect().height,
        viewHeight: frame.clientHeight,
      });
    });
    observer.observe(frame);
    observer.observe(group);
    return () => observer.disconnect();
  }, [box, sample]);

  return layout;
}
