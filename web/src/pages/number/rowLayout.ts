/** The layout of digits in rows. Lengths are in CSS pixels. */
export interface RowLayout {
  /** Digits in a row, a multiple of the size of a group. */
  perRow: number;
  rowHeight: number;
  /** The height of the visible part. */
  viewHeight: number;
}

/** Digits in a group. */
export const groupSize = 10;

/** Groups in a row with which the positions in front are easy to read. */
const groupCounts = [10, 8, 6, 5, 4, 3, 2, 1];

/** Returns how many digits fit in a row, in groups of a width with a gap between them. */
export function digitsPerRow(width: number, groupWidth: number, gap: number): number {
  const fitting = Math.floor((width + gap) / (groupWidth + gap));
  return groupSize * (groupCounts.find((groups) => groups <= fitting) ?? 1);
}

/** Returns the rows to draw: the visible ones, and as many before and after, so that scrolling finds them drawn. */
export function rowsToDraw(top: number, { rowHeight, viewHeight }: RowLayout, rowCount: number) {
  const margin = Math.ceil(viewHeight / rowHeight);
  return {
    first: Math.max(0, Math.floor(top / rowHeight) - margin),
    end: Math.min(rowCount, Math.ceil((top + viewHeight) / rowHeight) + margin),
  };
}

/** Returns the rows that are completely visible. */
export function visibleRows(top: number, { rowHeight, viewHeight }: RowLayout, rowCount: number) {
  const first = Math.max(0, Math.min(rowCount - 1, Math.ceil(top / rowHeight - 0.1)));
  return {
    first,
    end: Math.max(first + 1, Math.min(rowCount, Math.floor((top + viewHeight) / rowHeight + 0.1))),
  };
}

/** Splits digits into groups. */
export function splitGroups(digits: string): string[] {
  const groups: string[] = [];
  for (let at = 0; at < digits.length; at += groupSize) {
    groups.push(digits.slice(at, at + groupSize));
  }
  return groups;
}
