import type { paths } from "./schema.js";

/**
 * Thrown for an answer that is not from Pisano: the address is wrong, or something
 * in between answered instead of the server, such as a login page.
 */
export class ForeignAnswerError extends Error {
  /** The address that answered, after redirects, without its query. */
  readonly url: string;
  readonly status: number;
  /** The media type of the answer, empty if it had none. */
  readonly contentType: string;
  /** The first words of the answer. */
  readonly start: string;

  constructor(url: string, status: number, contentType: string, start: string) {
    const what = contentType || "no content type";
    const beginning = start ? `beginning with ${JSON.stringify(start)}` : "an empty body";
    super(
      `The answer from ${url} is not from Pisano: ${status}, ${what}, ${beginning}. Check the address of the API.`,
    );
    this.name = "ForeignAnswerError";
    this.url = url;
    this.status = status;
    this.contentType = contentType;
    this.start = start;
  }
}

/** What a successful answer of an operation looks like. */
interface Expected {
  type: string;
  /** The types that Accept selects instead. */
  others?: string[];
  /** The JSON object has them all. */
  members?: string[];
}

const json = "application/json";

const expectations: { readonly [path in keyof paths]: Expected } = {
  "/indices": { type: json, members: ["items"] },
  "/values": { type: json, members: ["items"] },
  "/values/{index}": { type: json, members: ["index", "state"] },
  "/values/{index}/digits": { type: "text/plain" },
  "/estimates/{index}": { type: json, members: ["index", "digits", "bytes", "seconds"] },
  "/numbers": { type: json, others: ["application/x-ndjson", "text/csv"] },
  "/numbers/{n}": { type: json, members: ["index", "number", "lucas"] },
  "/numbers/{n}/mod/{m}": { type: json, members: ["index", "modulus", "remainder"] },
  "/periods/{m}": { type: json, members: ["modulus", "period", "rank"] },
  "/inverse": { type: json, members: ["indices", "below", "above"] },
  "/inverse/{x}": { type: json, members: ["indices", "below", "above"] },
  "/zeckendorf/{x}": { type: json, members: ["value", "indices"] },
  "/events": { type: "text/event-stream" },
  "/status": { type: json, members: ["parts"] },
  "/healthz": { type: json, members: ["status"] },
  "/readyz": { type: json, members: ["status", "dependencies"] },
};

/** Throws a ForeignAnswerError if a successful response to a request for a path is not from Pisano. */
export async function throwForeign(response: Response, request: Request, path: string): Promise<void> {
  const expected = expectations[path as keyof paths];
  if (response.status === 304) {
    return;
  }
  const { type, others = [] } = expected;
  const accept = request.headers.get("Accept") ?? "";
  const types = others.includes(accept) ? [accept] : [type, ...others];
  if (![200, 202, 206].includes(response.status) || !types.includes(mediaType(response))) {
    throw await foreign(response, request);
  }
  if (
    expected.members &&
    request.method !== "HEAD" &&
    !(await hasMembers(response.clone(), expected.members))
  ) {
    throw await foreign(response, request);
  }
}

export function mediaType({ headers }: Response): string {
  return (headers.get("Content-Type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

async function hasMembers(response: Response, names: string[]): Promise<boolean> {
  const text = await response.text();
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null && names.every((name) => name in body);
  } catch {
    return false; // not JSON
  }
}

/** The length of `start`, in characters. */
const maxStart = 100;
/** How many characters of an answer are read for it. */
const maxRead = 4_000;

async function foreign(response: Response, request: Request): Promise<ForeignAnswerError> {
  const start = firstWords(await beginning(response));
  return new ForeignAnswerError(
    publicPart(response.url || request.url),
    response.status,
    mediaType(response),
    start,
  );
}

/** Removes what may be a secret from an address. */
export function publicPart(url: string): string {
  return url.replace(/[?#].*$/s, "").replace(/^([a-z]+:\/\/)[^/]*@/i, "$1");
}

/** Reads the beginning of a body, without waiting for the rest. */
async function beginning({ body }: Response): Promise<string> {
  if (!body) {
    return "";
  }
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  try {
    while (text.length < maxRead) {
      const { done, value } = await reader.read();
      if (done) {
        break;
      }
      text += value;
    }
  } finally {
    await reader.cancel().catch(() => undefined); // the rest is not needed
  }
  return text.slice(0, maxRead);
}

/** Returns the first words of a text, without HTML tags and line ends. */
function firstWords(text: string): string {
  const words = text
    .replace(/<(script|style)\b.*?<\/(script|style)>|<[^<>]*>/gis, " ")
    .replace(/\s+/g, " ")
    .trim();
  const characters = [...words];
  return characters.length > maxStart ? `${characters.slice(0, maxStart).join("")}…` : words;
}
