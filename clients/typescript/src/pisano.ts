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
  /** Used instead of the global fetch. */
  fetch?: (request: Request) => Promise<Response>;
}

/** Options of every call. A call that its signal aborts throws the signal's reason. */
export interface CallOptions {
  signal?: AbortSignal;
}

/** A range of digits. The most significant digit is number 0. */
export interface DigitRange {
  /** The first digit, 0 by default. */
  first?: number;
  /** How many digits, at least 1, all by default. Fewer are returned where the value ends. */
  count?: number;
}

/** The largest page that the server returns. */
const pageSize = 200;
/** How long the server holds an answer. It would wait a minute, but some proxies time out after 30 seconds. */
const waitPreference = "wait=20";
/** The least time between two requests of wait, in case a proxy drops the preference. */
const waitIntervalMs = 1_000;

/**
 * A client of a Pisano server. Each method throws a ProblemError for an error of
 * the server, a ForeignAnswerError if something else answers, and the error of
 * fetch if nothing answers.
 */
export class Pisano {
  /** Every operation of the API by its method and path, generated from the OpenAPI document. */
  readonly http: Client<paths>;

  /** @param address - such as http://localhost:8080/api */
  constructor(address: string, options: PisanoOptions = {}) {
    this.http = createClient<paths>({ baseUrl: address, ...options });
    this.http.use({
      onResponse: ({ request, response, schemaPath }) => throwProblem(response, request, schemaPath),
    });
  }

  /** Submits an index. Once submit returns, the index is durably recorded: it will be calculated or visibly fail. */
  async submit(index: number, { signal }: CallOptions = {}): Promise<SeenIndex> {
    const seen = (await this.#submit({ index }, signal)) as SeenIndex;
    if (seen.index !== index) {
      throw new Error(`The answer is not about index ${index}, which was submitted`);
    }
    return seen;
  }

  /** Submits up to 1,000 indices at once: all are accepted, or none. Returns their states in the same order. */
  async submitAll(indices: number[], { signal }: CallOptions = {}): Promise<SeenIndex[]> {
    const { items } = (await this.#submit({ indices }, signal)) as Partial<SeenIndices>;
    if (items?.length !== indices.length || items.some(({ index }, i) => index !== indices[i])) {
      throw new Error(`The answer is not about the ${indices.length} indices that were submitted`);
    }
    return items;
  }

  async #submit(body: Submission, signal: AbortSignal | undefined): Promise<Submitted> {
    return present(await this.http.POST("/indices", { body, ...withSignal(signal) }));
  }

  /** Returns what calculating an index would cost, without recording it. Throws what submitting it would throw. */
  async estimate(index: number, { signal }: CallOptions = {}): Promise<IndexEstimate> {
    return present(
      await this.http.GET("/estimates/{index}", { params: { path: { index } }, ...withSignal(signal) }),
    );
  }

  /** Returns the status of the parts of the service. A part that is down is not an error. */
  async status({ signal }: CallOptions = {}): Promise<ServiceStatus> {
    return present(await this.http.GET("/status", { ...withSignal(signal) }));
  }

  /** Returns the state of a submitted index, and its value once it is calculated. */
  async value(index: number, { signal }: CallOptions = {}): Promise<ValueState> {
    return present(
      await this.http.GET("/values/{index}", { params: { path: { index } }, ...withSignal(signal) }),
    );
  }

  /** Waits until a submitted index is calculated or failed, and returns its state. */
  async wait(index: number, { signal }: CallOptions = {}): Promise<ValueState> {
    const params = { path: { index }, header: { Prefer: waitPreference } };
    for (;;) {
      const requestedAt = Date.now();
      const value = present(await this.http.GET("/values/{index}", { params, ...withSignal(signal) }));
      if (value.state === "calculated" || value.state === "failed") {
        return value;
      }
      await sleep(waitIntervalMs - (Date.now() - requestedAt), signal);
    }
  }

  /** Yields all submitted indices, newest first, fetched page by page. */
  indices({ signal }: CallOptions = {}): AsyncGenerator<SeenIndex, void> {
    return items(async (query) =>
      present(await this.http.GET("/indices", { params: { query }, ...withSignal(signal) })),
    );
  }

  /** Yields all calculated values, newest first, fetched page by page. */
  values({ signal }: CallOptions = {}): AsyncGenerator<Value, void> {
    return items(async (query) =>
      present(await this.http.GET("/values", { params: { query }, ...withSignal(signal) })),
    );
  }

  /**
   * Returns the digits of a calculated value as a stream, most significant first,
   * without a sign. Only a few of them are in memory at a time. A stream that is
   * cut off ends with an error.
   */
  async digits(
    index: number,
    { first, count, signal }: DigitRange & CallOptions = {},
  ): Promise<ReadableStream<string>> {
    const range = byteRange(first, count);
    const { data, response } = await this.http.GET("/values/{index}/digits", {
      params: { path: { index }, ...(range && { header: { Range: range } }) },
      parseAs: "stream",
      ...withSignal(signal),
    });
    if (!data || response.status !== (range ? 206 : 200)) {
      throw unexpected(response);
    }
    return data.pipeThrough(new TextDecoderStream());
  }

  /**
   * Yields events as they happen, until the loop over them ends. It reconnects
   * whenever the connection is lost, and then yields `refetch`. Throws only if the
   * server refuses, something else answers, or the signal aborts.
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

function withSignal(signal: AbortSignal | undefined): CallOptions {
  return signal ? { signal } : {};
}

function present<T>({ data, response }: { data?: T; response: Response }): T {
  if (data === undefined) {
    throw unexpected(response);
  }
  return data;
}

/** The error for an answer that the OpenAPI document does not define. */
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
