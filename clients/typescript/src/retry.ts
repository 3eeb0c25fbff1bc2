/** The largest Retry-After that is respected, in seconds. One request an hour costs a server nothing. */
const maxRetryAfter = 3_600;

/** The formats of dates in RFC 9110, section 5.6.7. The last one has no time zone. */
const dates =
  /^(?:[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4}|[A-Z][a-z]+, \d\d-[A-Z][a-z]{2}-\d\d) \d\d:\d\d:\d\d GMT$/;
const zoneless = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;

/**
 * Returns the Retry-After of an answer in seconds, if it has one. A date is taken
 * relative to the Date of the answer.
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
  // Pages of other origins cannot read Date.
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
