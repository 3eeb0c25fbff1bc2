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
export function formatInteger(n: number | bigint): string {
  return minus(grouped.format(n));
}

/** The name of a number: 1000 as "F(1,000)". */
export function formatTerm(index: number): string {
  return `F(${formatInteger(index)})`;
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
export function formatCount(count: number | bigint, one: string): string {
  return `${formatInteger(count)} ${one}${Number(count) === 1 ? "" : "s"}`;
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
