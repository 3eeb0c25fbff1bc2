import { expect, test } from "vitest";
import { digitEnds } from "./digitEnds";

test("digitEnds cuts the ends from a whole value, without its sign", () => {
  const value = `-${"1".repeat(50)}${"2".repeat(30)}${"3".repeat(50)}`;
  expect(digitEnds({ digitCount: 130, value })).toEqual({
    leading: "1".repeat(50),
    trailing: "3".repeat(50),
    between: 30,
  });
});

test("digitEnds of a short value are the value", () => {
  expect(digitEnds({ digitCount: 2, value: "-21" })).toEqual({ leading: "21", trailing: "21", between: 0 });
});

test("digitEnds takes the ends that the API returns of a long value", () => {
  const ends = { leading: "2".repeat(50), trailing: "5".repeat(50) };
  expect(digitEnds({ digitCount: 20_899, ...ends })).toEqual({ ...ends, between: 20_799 });
});
