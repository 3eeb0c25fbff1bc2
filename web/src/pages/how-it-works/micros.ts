import { formatDuration } from "../../numbers/format";

/** A time of the API in microseconds since 1970. `Date` knows milliseconds only. */
export function parseMicros(time: string): number {
  const [whole = "", fraction = ""] = time.replace(/Z$/, "").split(".");
  return Date.parse(`${whole}Z`) * 1_000 + Number(fraction.padEnd(6, "0").slice(0, 6));
}

/** 830 as "830 µs", 2400 as "2.4 ms", and longer durations as everywhere. */
export function formatMicros(micros: number): string {
  if (micros < 1_000) {
    return `${Math.round(micros)} µs`;
  }
  return micros < 9_950 ? `${(micros / 1_000).toFixed(1)} ms` : formatDuration(micros / 1_000);
}
