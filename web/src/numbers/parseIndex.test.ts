import { describe, expect, test } from "vitest";
import { parseIndex } from "./parseIndex";

describe("parseIndex", () => {
  test.each([
    ["0", 0],
    ["1000", 1000],
    [" 1000 ", 1000],
    ["-8", -8],
    ["−8", -8],
    ["007", 7],
    ["1,000,000", 1_000_000],
    ["1 000 000", 1_000_000],
    ["1_000", 1_000],
    ["−100,000", -100_000],
    ["9007199254740991", 9_007_199_254_740_991],
    ["-9007199254740991", -9_007_199_254_740_991],
  ])("reads %j as people write it", (text, index) => {
    expect(parseIndex(text)).toEqual({ index });
  });

  test("knows no negative zero", () => {
    expect(parseIndex("-0")).toStrictEqual({ index: 0 });
  });

  test.each(["", "  ", "-", "−"])("waits for more after %j", (text) => {
    expect(parseIndex(text)).toHaveProperty("incomplete");
  });

  test.each([
    ["1.5", "without a fraction"],
    ["1,5", "without a fraction"],
    ["1.", "without a fraction"],
    ["1e6", "Write the index out"],
    ["2.5e3", "Write the index out"],
    ["abc", "made of digits"],
    ["10 apples", "made of digits"],
    ["--8", "made of digits"],
    ["8-", "made of digits"],
    ["0x10", "made of digits"],
    ["1,00,000", "made of digits"],
    ["9007199254740992", "beyond what Pisano can count"],
    ["-9007199254740992", "beyond what Pisano can count"],
    ["9".repeat(400), "beyond what Pisano can count"],
  ])("says what is wrong with %j", (text, sentence) => {
    expect(parseIndex(text)).toEqual({ invalid: expect.stringContaining(sentence) });
  });
});
