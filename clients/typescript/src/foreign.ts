import type { paths } from "./schema.js";

/**
 * An answer that is not from Pisano: the address is that of something else, or
 * something on the way answered in the server's place, such as a login page.
 */
export class ForeignAnswerError extends Error {
  /** What answered, redirects followed, without its query. */
  readonly url: string;
  readonly status: number;
  /** The type of the answer, empty if it had none. */
  readonly contentType: string;
  /** How the text of the answer begins. */
  readonly start: string;

  constructor(url: string, status: number, contentType: string, start: string) {
    const what = contentType || "no content type";
    const beginning = start ? `beginning with ${JSON.stringify(start)}` : "an empty body";
    super(`The answer of ${url} is not from Pisano: ${status}, ${what}, ${beginning}. Check the address.`);
    this.name = "ForeignAnswerError";
    this.url = url;
    this.status = status;
    this.contentType = contentType;
    this.start = start;
  }
}

/** What an operation answers with when it succeeds. */
interface Success {
  type: string;
  /** The members of the JSON object: all those of one of the lists. */
  members?: string[][];
}

const json = "application/json";

const successes: { readonly [path in keyof paths]: Success } = {
  "/indices": { type: json, members: [["items"], ["index", "state"]] },
  "/values": { type: json, members: [["items"]] },
  "/values/{index}": { type: json, members: [["index", "state"]] },
  "/values/{index}/digits": { type: "text/plain" },
  "/estimates/{index}": { type: json, members: [["index", "digits", "bytes", "seconds"]] },
  "/events": { type: "text/event-stream" },
  "/status": { type: json, members: [["parts"]] },
  "/healthz": { type: json, members: [["status"]] },
  "/readyz": { type: json, members: [["status", "dependencies"]] },
};

/** Throws what is no answer of Pisano's to a request for a path that succeeded. */
export async function throwForeign(response: Response, request: Request, path: string): Promise<void> {
  const expected = successes[path as keyof paths];
  if (response.status === 304) {
    return;
  }
  if (![200, 202, 206].includes(response.status) || mediaType(response) !== expected.type) {
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

async function hasMembers(response: Response, lists: string[][]): Promise<boolean> {
  const text = await response.text();
  try {
    const body: unknown = JSON.parse(text);
    return (
      typeof body === "object" && body !== null && lists.some((names) => names.every((name) => name in body))
    );
  } catch {
    return false; // it is no JSON
  }
}

/** How much of an answer's text is told, in characters. */
const maxStart = 100;
/** How much of an answer is read for that, in characters. */
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

/** An address without what may be a secret. */
function publicPart(url: string): string {
  return url.replace(/[?#].*$/s, "").replace(/^([a-z]+:\/\/)[^/]*@/i, "$1");
}

/** The beginning of a body, the rest of which is not waited for. */
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
    await reader.cancel().catch(() => undefined); // what broke off is not needed
  }
  return text.slice(0, maxRead);
}

/** How a text begins, without the tags of a page and line ends. */
function firstWords(text: string): string {
  const words = text
    .replace(/<(script|style)\b.*?<\/(script|style)>|<[^<>]*>/gis, " ")
    .replace(/\s+/g, " ")
    .trim();
  const characters = [...words];
  return characters.length > maxStart ? `${characters.slice(0, maxStart).join("")}…` : words;
}
