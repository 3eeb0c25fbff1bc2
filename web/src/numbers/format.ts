import type { Index } from "./largeIndex";

const grouped = new Intl.NumberFormat("en");
const percentage = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });
const share = new Intl.NumberFormat("en", {
  style: "percent",
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});
const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });
const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

/** 100000 as "100,000", and −8 with a minus sign, not a hyphen. */
export function formatInteger(n: Index): string {
  return minus(grouped.format(n));
}

/** Digits of a longer integer are left out, or there is another form of it. The server has the same: adapters/preview. */
const maxGroupedDigits = 18;

/** An integer as part of a name: a long one as 10^100 or 25 × 10^30, or as 123,456…789,012, without what is between. */
export function formatShort(n: Index): string {
  const text = formatInteger(n);
  const digits = text.replace(/\D/g, "");
  if (digits.length <= maxGroupedDigits) {
    return text;
  }
  const sign = text.startsWith("−") ? "−" : "";
  const factor = digits.replace(/0+$/, "");
  if (factor.length <= 3) {
    const power = `10^${digits.length - factor.length}`;
    return sign + (factor === "1" ? power : `${factor} × ${power}`);
  }
  const groups = text.split(",");
  return `${groups.slice(0, 2).join(",")}…${groups.slice(-2).join(",")}`;
}

/** A count of which the size matters: a long one as "about 2.0899 × 10^999". */
export function formatSize(count: Index): string {
  const digits = String(count);
  if (digits.length <= maxGroupedDigits) {
    return formatInteger(count);
  }
  const [mantissa, carry] = Number(`${digits[0]}.${digits.slice(1, 17)}`)
    .toExponential(4)
    .split("e");
  return `about ${mantissa} × 10^${digits.length - 1 + Number(carry)}`;
}

/** The name of a number: 1000 as "F(1,000)". */
export function formatTerm(index: Index): string {
  return `F(${formatShort(index)})`;
}

/** The text of a number with a minus sign instead of a hyphen. */
export function minus(text: string): string {
  return text.replace(/^-/, "−");
}

/** −5 as "⁻⁵". */
export function superscript(exponent: number): string {
  return String(exponent).replace(/[-\d]/g, (sign) =>
    sign === "-" ? "⁻" : ("⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)] ?? ""),
  );
}

/** 0.426 as "42%". Rounds down, so that 100% means done. */
export function formatProgress(progress: number): string {
  return percentage.format(Math.floor(progress * 100) / 100);
}

/** 0.1 as "10.00%". */
export function formatShare(fraction: number): string {
  return share.format(fraction);
}

/** "1 digit", "21 digits". */
export function formatCount(count: Index, one: string): string {
  return `${formatSize(count)} ${one}${Number(count) === 1 ? "" : "s"}`;
}

/** A duration with two or three significant digits. */
export function formatDuration(ms: number): string {
  if (ms < 1) {
    return "under 1 ms";
  }
  if (ms < 999.5) {
    return `${Math.round(ms)} ms`;
  }
  const seconds = ms / 1_000;
  if (seconds < 59.5) {
    return `${Number(seconds.toFixed(seconds < 9.95 ? 1 : 0))} s`;
  }
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** The time left, in whole seconds: a forecast is no more precise. */
export function formatTimeLeft(ms: number): string {
  return ms < 1_000
    ? "less than a second left"
    : `about ${formatDuration(Math.ceil(ms / 1_000) * 1_000)} left`;
}

/** How long a value is, how long it took and when it was calculated. */
export function describeCalculation(value: {
  digitCount: number;
  durationMs: number;
  calculatedAt: string;
}): string {
  const { digitCount, durationMs, calculatedAt } = value;
  return `${formatCount(digitCount, "digit")}, calculated in ${formatDuration(durationMs)} on ${formatTime(calculatedAt)}`;
}

/** A date and time in the reader's time zone. */
export function formatTime(time: string): string {
  return moment.format(new Date(time));
}

/** The time of day to the second, in the reader's time zone. */
export function formatClock(time: string): string {
  return clock.format(new Date(time));
}
