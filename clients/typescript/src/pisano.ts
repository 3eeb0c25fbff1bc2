import createClient, { type Client } from "openapi-fetch";
import { follow, type IndexEvent } from "./events.js";
import { throwProblem } from "./problem.js";
import type {
  IndexEstimate,
  paths,
  SeenIndex,
  SeenIndices,
  ServiceStatus,
  Submission,
  Submitted,
  Value,
  ValueState,
} from "./schema.js";
import { sleep } from "./sleep.js";

export interface PisanoOptions {
  /** Used in the place of the global fetch. */
  fetch?: (request: Request) => Promise<Response>;
}

/** How a call is ended early: it then throws the signal's reason. */
export interface CallOptions {
  signal?: AbortSignal;
}

/** Which digits of a value. The most significant is number 0. */
export interface DigitRange {
  /** The first, 0 if not given. */
  first?: number;
  /** How many, at least 1; fewer come where the value ends before. All if not given. */
  count?: number;
}

/** The largest page that the server hands out. */
const pageSize = 200;
/** How long the server is to hold an answer. It would do so for a minute, but there are proxies that cut after 30 seconds. */
const waitPreference = "wait=20";
/** Keeps wait from asking all the time where something on the way drops the preference. */
const waitPause = 1_000;

/**
 * A Pisano server. Each method throws a ProblemError if that is what the server
 * answers with, a ForeignAnswerError if something else answers, and what fetch
 * throws where there is no answer.
 */
export class Pisano {
  /** Every operation of the API by its method and path, generated from the OpenAPI document; for what has no method here. */
  readonly http: Client<paths>;

  /** @param address - such as http://localhost:8080/api */
  constructor(address: string, options: PisanoOptions = {}) {
    this.http = createClient<paths>({ baseUrl: address, ...options });
    this.http.use({
      onResponse: ({ request, response, schemaPath }) => throwProblem(response, request, schemaPath),
    });
  }

  /** Submits an index. Once it returns the index is durably recorded: its value will be calculated, or visibly fail. */
  async submit(index: number, { signal }: CallOptions = {}): Promise<SeenIndex> {
    const seen = (await this.#submit({ index }, signal)) as SeenIndex;
    if (seen.index !== index) {
      throw new Error(`The answer is not of index ${index}, which was submitted`);
    }
    return seen;
  }

  /** Submits up to 1,000 indices at once; all are accepted, or none. The answer is in their order. */
  async submitAll(indices: number[], { signal }: CallOptions = {}): Promise<SeenIndex[]> {
    const { items } = (await this.#submit({ indices }, signal)) as Partial<SeenIndices>;
    if (items?.length !== indices.length || items.some(({ index }, i) => index !== indices[i])) {
      throw new Error(`The answer is not of the ${indices.length} indices that were submitted`);
    }
    return items;
  }

  async #submit(body: Submission, signal: AbortSignal | undefined): Promise<Submitted> {
    return present(await this.http.POST("/indices", { body, ...stoppedBy(signal) }));
  }

  /** What the calculation of an index would cost; nothing is recorded. What is too large is the same problem as its submission. */
  async estimate(index: number, { signal }: CallOptions = {}): Promise<IndexEstimate> {
    return present(
      await this.http.GET("/estimates/{index}", { params: { path: { index } }, ...stoppedBy(signal) }),
    );
  }

  /** How the parts of the service are, what there is to do and how many do it. That a part is away is no error. */
  async status({ signal }: CallOptions = {}): Promise<ServiceStatus> {
    return present(await this.http.GET("/status", { ...stoppedBy(signal) }));
  }

  /** Where an index stands, and its value once it is calculated. The index must have been submitted. */
  async value(index: number, { signal }: CallOptions = {}): Promise<ValueState> {
    return present(
      await this.http.GET("/values/{index}", { params: { path: { index } }, ...stoppedBy(signal) }),
    );
  }

  /** Waits until an index is calculated or failed, however long that takes, and returns its state. */
  async wait(index: number, { signal }: CallOptions = {}): Promise<ValueState> {
    const params = { path: { index }, header: { Prefer: waitPreference } };
    for (;;) {
      const asked = Date.now();
      const value = present(await this.http.GET("/values/{index}", { params, ...stoppedBy(signal) }));
      if (value.state === "calculated" || value.state === "failed") {
        return value;
      }
      await sleep(waitPause - (Date.now() - asked), signal);
    }
  }

  /** All indices submitted, newest first, read page by page. */
  indices({ signal }: CallOptions = {}): AsyncGenerator<SeenIndex, void> {
    return items(async (query) =>
      present(await this.http.GET("/indices", { params: { query }, ...stoppedBy(signal) })),
    );
  }

  /** All values calculated, newest first, read page by page. */
  values({ signal }: CallOptions = {}): AsyncGenerator<Value, void> {
    return items(async (query) =>
      present(await this.http.GET("/values", { params: { query }, ...stoppedBy(signal) })),
    );
  }

  /**
   * The digits of a calculated value, the most significant first, without a
   * sign, as a stream: however many they are, only a few are in memory. A stream
   * that breaks off ends with an error.
   */
  async digits(
    index: number,
    { first, count, signal }: DigitRange & CallOptions = {},
  ): Promise<ReadableStream<string>> {
    const range = byteRange(first, count);
    const { data, response } = await this.http.GET("/values/{index}/digits", {
      params: { path: { index }, ...(range && { header: { Range: range } }) },
      parseAs: "stream",
      ...stoppedBy(signal),
    });
    if (!data || response.status !== (range ? 206 : 200)) {
      throw unexpected(response);
    }
    return data.pipeThrough(new TextDecoderStream());
  }

  /**
   * What happens, as it happens, until the loop over it ends. A lost connection
   * is made anew, however often, and a `refetch` tells of it. Throws only if the
   * server refuses, something else answers, or the signal says so.
   */
  events({ signal }: CallOptions = {}): AsyncGenerator<IndexEvent, never> {
    return follow(async (signal) => {
      const { data, response } = await this.http.GET("/events", { parseAs: "stream", signal });
      if (!data) {
        throw unexpected(response);
      }
      return data;
    }, signal);
  }
}

function stoppedBy(signal: AbortSignal | undefined): CallOptions {
  return signal ? { signal } : {};
}

function present<T>({ data, response }: { data?: T; response: Response }): T {
  if (data === undefined) {
    throw unexpected(response);
  }
  return data;
}

/** An answer that the document does not foresee. */
function unexpected({ status, headers }: Response): Error {
  return new Error(`Unexpected answer ${status} of type ${headers.get("Content-Type")}`);
}

function byteRange(first = 0, count?: number): string | undefined {
  if (count !== undefined) {
    return `bytes=${first}-${first + count - 1}`;
  }
  return first > 0 ? `bytes=${first}-` : undefined;
}

interface Page<T> {
  items: T[];
  nextCursor?: string;
}

async function* items<T>(
  read: (query: { limit: number; cursor?: string }) => Promise<Page<T>>,
): AsyncGenerator<T, void> {
  let page = await read({ limit: pageSize });
  yield* page.items;
  while (page.nextCursor !== undefined) {
    page = await read({ limit: pageSize, cursor: page.nextCursor });
    yield* page.items;
  }
}
