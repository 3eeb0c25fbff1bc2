import createClient, { type Client } from "openapi-fetch";
import { checkedAddress } from "./address.js";
import { follow, type IndexEvent } from "./events.js";
import { type Fetch, holding } from "./hold.js";
import { jsonLines } from "./lines.js";
import { chunks, items, maxIndices } from "./lists.js";
import { explained } from "./noAnswer.js";
import { ProblemError, throwProblem } from "./problem.js";
import { repeating } from "./repeat.js";
import type {
  Number as FibonacciNumber,
  IndexEstimate,
  NumberFacts,
  Period,
  Preimage,
  paths,
  Remainder,
  SeenIndex,
  ServiceStatus,
  Submission,
  Submitted,
  Value,
  ValueState,
  Zeckendorf,
} from "./schema.js";
import { sleep } from "./sleep.js";

export interface PisanoOptions {
  /** Used instead of the global fetch. */
  fetch?: (request: Request) => Promise<Response>;
  /**
   * How long a request is repeated that found no connection, whose answer was cut off,
   * or that the server or a proxy answered with "try again later". 30 by default; 0
   * turns repetition off. Streams that are cut off are not repeated. A submission that
   * is repeated counts once.
   */
  retrySeconds?: number;
}

/** Options of every call. A call that its signal aborts throws the signal's reason. */
export interface CallOptions {
  signal?: AbortSignal;
}

/** An integer of any size. A number must be an integer. */
export type Integer = bigint | number;

/** Options of the loops over lists. */
export interface ListOptions extends CallOptions {
  /** How many items to yield at most; all by default. */
  limit?: number;
  /** The nextCursor of a page, after which to begin; the newest item by default. */
  cursor?: string;
}

/** A range of digits. The most significant digit is number 0. */
export interface DigitRange {
  /** The first digit, 0 by default. */
  first?: number;
  /** How many digits, at least 1, all by default. Fewer are returned where the value ends. */
  count?: number;
}

/** How many characters of an integer the server takes in a path. */
const maxPathDigits = 1_000;
/** How long the server holds an answer. It would wait a minute, but some proxies time out after 30 seconds. */
const waitPreference = "wait=20";
/** The least time between two requests of wait, in case a proxy drops the preference, and of waitAll. */
const waitIntervalMs = 1_000;
/** The longest pause of submitAll, whose chunk may find room earlier than the server estimates. */
const maxPaceSeconds = 30;

/**
 * A client of a Pisano server. Each method throws a ProblemError for an error of
 * the server, a ForeignAnswerError if something else answers, and a NoAnswerError if
 * nothing answers.
 */
export class Pisano {
  /** Every operation of the API by its method and path, generated from the OpenAPI document. */
  readonly http: Client<paths>;
  readonly #fetchOnce: Fetch;
  readonly #paces: boolean;

  /** @param address - such as http://localhost:8080/api */
  constructor(address: string, options: PisanoOptions = {}) {
    // The global fetch is looked up at each call, because programs replace it.
    const { fetch = (request) => globalThis.fetch(request), retrySeconds = 30 } = options;
    this.#fetchOnce = holding(fetch);
    this.#paces = retrySeconds > 0;
    this.http = createClient<paths>({
      baseUrl: checkedAddress(address),
      fetch: holding(repeating(fetch, retrySeconds)),
    });
    this.http.use({
      onResponse: ({ request, response, schemaPath }) => throwProblem(response, request, schemaPath),
      onError: ({ request, error }) => explained(error, request),
    });
  }

  /** Submits an index. Once submit returns, the index is durably recorded: it will be calculated or visibly fail. */
  async submit(index: number, { signal }: CallOptions = {}): Promise<SeenIndex> {
    const submitted = await this.#submit({ index }, signal);
    const [seen] = submitted.items;
    if (seen === undefined || submitted.index !== index) {
      throw new Error(`The answer is not about index ${index}, which was submitted`);
    }
    return seen;
  }

  /**
   * Submits any number of indices and returns their states in the same order. They
   * are submitted in chunks, each accepted as a whole or not at all, as fast as the
   * server has room for them. If submitAll throws, some chunks may have been
   * recorded; what is submitted again is not calculated again.
   */
  async submitAll(indices: Iterable<number>, { signal }: CallOptions = {}): Promise<SeenIndex[]> {
    const all = [...indices];
    const seen: SeenIndex[] = [];
    let size = maxIndices;
    while (seen.length < all.length) {
      const chunk = all.slice(seen.length, seen.length + size);
      try {
        seen.push(...(await this.#submitChunk(chunk, signal)));
      } catch (error) {
        if (!(error instanceof ProblemError)) {
          throw error;
        }
        const { kind } = error.problem;
        if (kind === "tooLarge" && chunk.length > 1) {
          size = Math.ceil(chunk.length / 2); // too much work at once
        } else if (kind === "overloaded" && this.#paces) {
          await sleep(1_000 * Math.min(error.retryAfter ?? 1, maxPaceSeconds), signal);
        } else {
          throw error;
        }
      }
    }
    return seen;
  }

  async #submitChunk(indices: number[], signal: AbortSignal | undefined): Promise<SeenIndex[]> {
    const { items } = await this.#submit({ indices }, signal);
    if (items.length !== indices.length || items.some(({ index }, i) => index !== indices[i])) {
      throw new Error(`The answer is not about the ${indices.length} indices that were submitted`);
    }
    return items;
  }

  async #submit(body: Submission, signal: AbortSignal | undefined): Promise<Submitted> {
    const params = { header: { "Idempotency-Key": randomKey() } };
    return present(await this.http.POST("/indices", { body, params, ...withSignal(signal) }));
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
      const requestedAt = performance.now();
      const value = present(await this.http.GET("/values/{index}", { params, ...withSignal(signal) }));
      if (isFinal(value)) {
        return value;
      }
      await sleep(waitIntervalMs - (performance.now() - requestedAt), signal);
    }
  }

  /**
   * Returns the states of those of the indices that were submitted, calculated ones
   * with their values, in no particular order.
   */
  async states(indices: Iterable<number>, { signal }: CallOptions = {}): Promise<ValueState[]> {
    const found: ValueState[] = [];
    for (const index of chunks([...new Set(indices)])) {
      const { items, states = [] } = present(
        await this.http.GET("/values", {
          params: { query: { index } },
          querySerializer: { array: { style: "form", explode: false } },
          ...withSignal(signal),
        }),
      );
      found.push(...items.map((value) => ({ state: "calculated" as const, ...value })), ...states);
    }
    return found;
  }

  /** Waits until all of the submitted indices are calculated or failed, and returns their states in the same order. */
  async waitAll(indices: Iterable<number>, { signal }: CallOptions = {}): Promise<ValueState[]> {
    const all = [...indices];
    const final = new Map<number, ValueState>();
    let waiting = [...new Set(all)];
    for (;;) {
      const requestedAt = performance.now();
      for (const state of await this.states(waiting, withSignal(signal))) {
        if (isFinal(state)) {
          final.set(state.index, state);
        }
      }
      waiting = waiting.filter((index) => !final.has(index));
      const [next] = waiting;
      if (next === undefined) {
        return all.map((index) => final.get(index) as ValueState);
      }
      final.set(next, await this.wait(next, withSignal(signal)));
      if (waiting.length > 1) {
        await sleep(waitIntervalMs - (performance.now() - requestedAt), signal);
      }
    }
  }

  /** Yields submitted indices, newest first, fetched page by page. */
  indices({ signal, ...options }: ListOptions = {}): AsyncGenerator<SeenIndex, void> {
    return items(options, async (query) =>
      present(await this.http.GET("/indices", { params: { query }, ...withSignal(signal) })),
    );
  }

  /** Yields calculated values, newest first, fetched page by page. */
  values({ signal, ...options }: ListOptions = {}): AsyncGenerator<Value, void> {
    return items(options, async (query) =>
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

  /** Returns up to count digits of a calculated value from number first on. For many, use digits. */
  async digitRange(index: number, first: number, count: number, options: CallOptions = {}): Promise<string> {
    const digits = await this.digits(index, { first, count, ...options });
    const reader = digits.getReader(); // not every browser iterates over a stream
    let text = "";
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      text += piece.value;
    }
    return text;
  }

  /**
   * Returns what is known of F(n) and of the Lucas number L(n) without their digits,
   * for n of up to 10^1000 in size. Nothing is submitted.
   */
  async facts(n: Integer, { signal }: CallOptions = {}): Promise<NumberFacts> {
    const path = { n: `${BigInt(n)}` };
    return present(await this.http.GET("/numbers/{n}", { params: { path }, ...withSignal(signal) }));
  }

  /** Returns F(n) modulo m, for n and m of up to 10^1000 in size. */
  async remainder(n: Integer, m: Integer, { signal }: CallOptions = {}): Promise<Remainder> {
    const path = { n: `${BigInt(n)}`, m: `${BigInt(m)}` };
    return present(await this.http.GET("/numbers/{n}/mod/{m}", { params: { path }, ...withSignal(signal) }));
  }

  /** Returns the Pisano period and the rank of apparition of m, with its factors, for m of up to 10^30. */
  async period(m: Integer, { signal }: CallOptions = {}): Promise<Period> {
    const path = { m: `${BigInt(m)}` };
    return present(await this.http.GET("/periods/{m}", { params: { path }, ...withSignal(signal) }));
  }

  /** Returns the indices of x in the Fibonacci sequence and those of its neighbours, for x of up to a million digits. */
  async inverse(x: Integer, { signal }: CallOptions = {}): Promise<Preimage> {
    const value = `${BigInt(x)}`;
    return present(
      value.length > maxPathDigits
        ? await this.http.POST("/inverse", { body: { value }, ...withSignal(signal) })
        : await this.http.GET("/inverse/{x}", { params: { path: { x: value } }, ...withSignal(signal) }),
    );
  }

  /** Returns the Zeckendorf representation of x, from 0 to 10^1000. */
  async zeckendorf(x: Integer, { signal }: CallOptions = {}): Promise<Zeckendorf> {
    const path = { x: `${BigInt(x)}` };
    return present(await this.http.GET("/zeckendorf/{x}", { params: { path }, ...withSignal(signal) }));
  }

  /**
   * Yields F(from) to F(to) with all their digits, 10,000,000 in all at most, as they
   * arrive. Throws if the answer is cut off.
   */
  async *numbers(
    from: number,
    to: number,
    { signal }: CallOptions = {},
  ): AsyncGenerator<FibonacciNumber, void> {
    const { data, response } = await this.http.GET("/numbers", {
      params: { query: { from, to }, header: { Accept: "application/x-ndjson" } },
      parseAs: "stream",
      ...withSignal(signal),
    });
    if (!data) {
      throw unexpected(response);
    }
    let next = from;
    for await (const number of jsonLines<FibonacciNumber>(data)) {
      if (number.index !== next || next > to) {
        throw new Error(`The answer has F(${number.index}) in the place of F(${next}).`);
      }
      yield number;
      next++;
    }
    // A proxy can cut an answer off without an error.
    if (next <= to) {
      throw new Error(`The answer ends before F(${next}).`);
    }
  }

  /**
   * Yields events as they happen, until the loop over them ends. It reconnects
   * whenever the connection is lost, and then yields `refetch`. Throws only if the
   * server refuses, something else answers, or the signal aborts.
   */
  events({ signal }: CallOptions = {}): AsyncGenerator<IndexEvent, never> {
    return follow(async (signal) => {
      const { data, response } = await this.http.GET("/events", {
        parseAs: "stream",
        signal,
        fetch: this.#fetchOnce, // follow reconnects
      });
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

/** Returns a key for a submission. randomUUID exists only on pages that were loaded by HTTPS. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

function isFinal({ state }: ValueState): boolean {
  return state === "calculated" || state === "failed";
}
