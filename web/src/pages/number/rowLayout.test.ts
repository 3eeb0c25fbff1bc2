import { expect, test } from "vitest";
import { digitsPerRow, rowsToDraw, splitGroups, visibleRows } from "./rowLayout";

test("digitsPerRow fits as many groups as keep positions easy to read", () => {
  // Groups of 80 pixels with 10 between them.
  expect(digitsPerRow(169, 80, 10)).toBe(10);
  expect(digitsPerRow(170, 80, 10)).toBe(20);
  expect(digitsPerRow(7 * 90, 80, 10)).toBe(60);
  expect(digitsPerRow(890, 80, 10)).toBe(100);
  expect(digitsPerRow(5_000, 80, 10)).toBe(100);
});

test("digitsPerRow has one group even where none fits", () => {
  expect(digitsPerRow(20, 80, 10)).toBe(10);
});

test("rowsToDraw has a margin around visibleRows, within the value", () => {
  const layout = { perRow: 100, rowHeight: 20, viewHeight: 200 };
  expect(rowsToDraw(0, layout, 1_000)).toEqual({ first: 0, end: 20 });
  expect(rowsToDraw(4_010, layout, 1_000)).toEqual({ first: 190, end: 221 });
  expect(rowsToDraw(19_800, layout, 1_000)).toEqual({ first: 980, end: 1_000 });
  expect(visibleRows(4_010, layout, 1_000)).toEqual({ first: 201, end: 210 });
  expect(visibleRows(0, layout, 3)).toEqual({ first: 0, end: 3 });
});

test("splitGroups leaves the rest to the last group", () => {
  expect(splitGroups("12200160415121876738")).toEqual(["1220016041", "5121876738"]);
  expect(splitGroups("123456789012")).toEqual(["1234567890", "12"]);
});
