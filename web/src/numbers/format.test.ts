import { describe, expect, test } from "vitest";
import { formatCount, formatDuration, formatInteger, formatProgress, formatTerm } from "./format";

test("formatInteger groups digits and writes a minus sign", () => {
  expect(formatInteger(100_000)).toBe("100,000");
  expect(formatTerm(-8)).toBe("F(−8)");
});

test("formatCount has a singular", () => {
  expect(formatCount(1, "digit")).toBe("1 digit");
  expect(formatCount(20_899, "digit")).toBe("20,899 digits");
});

test("formatProgress is not 100% before the end", () => {
  expect(formatProgress(0.426)).toBe("42%");
  expect(formatProgress(0.999)).toBe("99%");
  expect(formatProgress(1)).toBe("100%");
});

describe("formatDuration", () => {
  test.each([
    [0.4, "under 1 ms"],
    [12.3, "12 ms"],
    [999.6, "1 s"],
    [1_234, "1.2 s"],
    [5_000, "5 s"],
    [9_960, "10 s"],
    [42_400, "42 s"],
    [59_700, "1 min 0 s"],
    [119_700, "2 min 0 s"],
    [150_000, "2 min 30 s"],
  ])("of %d ms is %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
