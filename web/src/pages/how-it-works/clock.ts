const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

/** The time of day, to the second, in the reader's own time zone. */
export function formatClock(time: string): string {
  return clock.format(new Date(time));
}
