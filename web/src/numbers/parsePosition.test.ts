import { expect, test } from "vitest";
import { parsePosition } from "./parsePosition";

test("parsePosition accepts positions from the first digit to the last", () => {
  expect(parsePosition("1", 2_090)).toBe(1);
  expect(parsePosition(" 2,090 ", 2_090)).toBe(2_090);
});

test.each(["", "0", "-1", "2091", "1.5", "ten", "99999999999999999999"])(
  "parsePosition rejects %j",
  (text) => {
    expect(parsePosition(text, 2_090)).toBeUndefined();
  },
);
