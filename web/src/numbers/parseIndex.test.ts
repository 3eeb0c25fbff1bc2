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
  ])("accepts %j", (text, index) => {
    expect(parseIndex(text)).toEqual({ index });
  });

  test("returns no negative zero", () => {
    expect(parseIndex("-0")).toStrictEqual({ index: 0 });
  });

  test.each(["", "  ", "-", "−"])("asks for more after %j", (text) => {
    expect(parseIndex(text)).toHaveProperty("incomplete");
  });

  test.each([
    ["1.5", "without decimals"],
    ["1,5", "without decimals"],
    ["1.", "without decimals"],
    ["1e6", "Write the index in full"],
    ["2.5e3", "Write the index in full"],
    ["abc", "Use only digits"],
    ["10 apples", "Use only digits"],
    ["--8", "Use only digits"],
    ["8-", "Use only digits"],
    ["0x10", "Use only digits"],
    ["1,00,000", "Use only digits"],
    ["9007199254740992", "out of range"],
    ["-9007199254740992", "out of range"],
    ["9".repeat(400), "out of range"],
  ])("explains what is wrong with %j", (text, sentence) => {
    expect(parseIndex(text)).toEqual({ invalid: expect.stringContaining(sentence) });
  });
});
