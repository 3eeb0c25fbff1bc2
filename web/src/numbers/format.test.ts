import { describe, expect, test } from "vitest";
import {
  formatCount,
  formatDuration,
  formatInteger,
  formatProgress,
  formatShort,
  formatSize,
  formatTerm,
} from "./format";

test("formatInteger groups digits and writes a minus sign", () => {
  expect(formatInteger(100_000)).toBe("100,000");
  expect(formatTerm(-8)).toBe("F(−8)");
});

test.each([
  [-8, "−8"],
  [123_456_789_012_345_678n, "123,456,789,012,345,678"],
  [10n ** 18n, "10^18"],
  [-(10n ** 1_000n), "−10^1000"],
  [25n * 10n ** 30n, "25 × 10^30"],
  [10n ** 100n + 1n, "10,000…000,001"],
  [-1_234_567_890_123_456_789n, "−1,234…456,789"],
])("formatShort keeps both ends of %d", (n, text) => {
  expect(formatShort(n)).toBe(text);
});

test("formatSize is exact or says how large a count is about", () => {
  expect(formatSize(123_456_789_012_345_678n)).toBe("123,456,789,012,345,678");
  expect(formatSize(2_089_876_402_499_787_337n)).toBe("about 2.0899 × 10^18");
  expect(formatSize(BigInt("9".repeat(1_000)))).toBe("about 1.0000 × 10^1000");
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
