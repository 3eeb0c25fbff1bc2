/** Bounds what is believed of Retry-After, in seconds: to ask once an hour costs a server nothing. */
const maxRetryAfter = 3_600;

/** The forms that RFC 9110 (section 5.6.7) gives to dates, of which the last has no time zone. */
const dates =
  /^(?:[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4}|[A-Z][a-z]+, \d\d-[A-Z][a-z]{2}-\d\d) \d\d:\d\d:\d\d GMT$/;
const zoneless = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;

/**
 * When to ask again, in seconds, if that was said: by seconds, or by a date,
 * which is read relative to the Date of the answer.
 */
export function retryAfter(headers: Headers): number | undefined {
  const given = headers.get("Retry-After") ?? "";
  if (/^\d+$/.test(given)) {
    return Math.min(Number(given), maxRetryAfter);
  }
  const at = parseDate(given);
  if (at === undefined) {
    return undefined;
  }
  // Date is not shown to pages of other origins.
  const now = parseDate(headers.get("Date") ?? "") ?? Date.now();
  return Math.min(Math.max(Math.ceil((at - now) / 1_000), 0), maxRetryAfter);
}

function parseDate(text: string): number | undefined {
  let at = Number.NaN;
  if (dates.test(text)) {
    at = Date.parse(text);
  } else if (zoneless.test(text)) {
    at = Date.parse(`${text} GMT`);
  }
  return Number.isNaN(at) ? undefined : at;
}
