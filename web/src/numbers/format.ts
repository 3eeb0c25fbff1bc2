const grouped = new Intl.NumberFormat("en");
const percentage = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });
const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" });

/** 100000 as "100,000", with a minus and not a hyphen in front of the negative. */
export function formatInteger(n: number): string {
  return minus(grouped.format(n));
}

/** 1000 as "F(1,000)". */
export function formatTerm(index: number): string {
  return `F(${formatInteger(index)})`;
}

/** A number's own text with a proper minus, for reading. */
export function minus(text: string): string {
  return text.replace(/^-/, "−");
}

/** 0.426 as "42%": not 100% before it is done. */
export function formatProgress(progress: number): string {
  return percentage.format(Math.floor(progress * 100) / 100);
}

/** "1 digit", "21 digits". */
export function formatCount(count: number, one: string): string {
  return `${formatInteger(count)} ${one}${count === 1 ? "" : "s"}`;
}

/** A duration with the precision that people care for. */
export function formatDuration(ms: number): string {
  if (ms < 1) {
    return "under 1 ms";
  }
  if (ms < 1_000) {
    return `${Math.round(ms)} ms`;
  }
  const seconds = ms / 1_000;
  if (seconds < 60) {
    return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  }
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** What is left of a calculation, no more exact than such a forecast can be. */
export function formatTimeLeft(ms: number): string {
  return ms < 1_000
    ? "less than a second left"
    : `about ${formatDuration(Math.ceil(ms / 1_000) * 1_000)} left`;
}

/** A time of the API's in the reader's own time zone. */
export function formatTime(time: string): string {
  return moment.format(new Date(time));
}
