/** How digits are laid out in rows. Lengths are in CSS pixels. */
export interface RowLayout {
  /** Digits in a row, a multiple of the size of a group. */
  perRow: number;
  rowHeight: number;
  /** The height of the part of the rows that is seen at a time. */
  viewHeight: number;
}

/** Digits stand in groups of so many. */
export const groupSize = 10;

/** In rows of so many groups the positions in front of them are easy to read. */
const groupCounts = [10, 8, 6, 5, 4, 3, 2, 1];

/** Returns how many digits a row takes, if groups and the space after each are so wide. */
export function digitsPerRow(width: number, groupWidth: number, gap: number): number {
  const fitting = Math.floor((width + gap) / (groupWidth + gap));
  return groupSize * (groupCounts.find((groups) => groups <= fitting) ?? 1);
}

/** Which rows are drawn: those seen, and as many before and after so that scrolling finds them there. */
export function rowsToDraw(top: number, { rowHeight, viewHeight }: RowLayout, rowCount: number) {
  const margin = Math.ceil(viewHeight / rowHeight);
  return {
    first: Math.max(0, Math.floor(top / rowHeight) - margin),
    end: Math.min(rowCount, Math.ceil((top + viewHeight) / rowHeight) + margin),
  };
}

/** Which rows are seen as a whole. */
export function visibleRows(top: number, { rowHeight, viewHeight }: RowLayout, rowCount: number) {
  const first = Math.max(0, Math.min(rowCount - 1, Math.ceil(top / rowHeight - 0.1)));
  return {
    first,
    end: Math.max(first + 1, Math.min(rowCount, Math.floor((top + viewHeight) / rowHeight + 0.1))),
  };
}

/** Cuts digits into their groups. */
export function splitGroups(digits: string): string[] {
  const groups: string[] = [];
  for (let at = 0; at < digits.length; at += groupSize) {
    groups.push(digits.slice(at, at + groupSize));
  }
  return groups;
}
