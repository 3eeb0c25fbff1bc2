import { expect, test } from "vitest";
import { formatMicros, parseMicros } from "./micros";

test("parseMicros keeps the microseconds that Date drops", () => {
  const second = parseMicros("2026-11-24T10:00:01Z");
  expect(parseMicros("2026-11-24T10:00:01.000002Z") - second).toBe(2);
  expect(parseMicros("2026-11-24T10:00:01.5Z") - second).toBe(500_000);
  expect(second / 1_000).toBe(Date.UTC(2026, 10, 24, 10, 0, 1));
});

test("formatMicros takes the unit that fits", () => {
  expect([0, 830, 1_000, 2_449, 9_949, 9_950, 1_500_000].map(formatMicros)).toEqual([
    "0 µs",
    "830 µs",
    "1.0 ms",
    "2.4 ms",
    "9.9 ms",
    "10 ms",
    "1.5 s",
  ]);
});
