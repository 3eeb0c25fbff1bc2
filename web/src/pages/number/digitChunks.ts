import { DigitsChanged, type ReadDigits } from "../../api/digits";

/** So many digits are read at a time: a large chunk of screen, and little to wait for. */
export const chunkSize = 32_768;

/** So many chunks are kept, of those seen last: 4 MiB. */
const maxChunks = 128;

/** A chunk that is scrolled past within this is not asked for. */
const settleMs = 60;

type Chunk = { digits: string } | { error: unknown } | { loading: AbortController };

/**
 * Digits of one value, read chunk by chunk as they are wanted, in bounded
 * memory. Tells its listeners when a chunk has come, or has failed to.
 */
export class DigitChunks {
  readonly #read: ReadDigits;
  readonly #digitCount: number;
  readonly #listeners = new Set<() => void>();
  /** By number; those wanted last are at the end. */
  readonly #chunks = new Map<number, Chunk>();
  #requested: readonly number[] = [];
  #version = 0;

  constructor(digitCount: number, read: ReadDigits) {
    this.#digitCount = digitCount;
    this.#read = read;
  }

  /** Calls a listener on each change until the function returned is called. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Another number after each change. */
  readonly version = (): number => this.#version;

  /** Has the chunks with these numbers loaded, and no others. Those that have failed stay so. */
  request(numbers: readonly number[]): void {
    this.#requested = numbers;
    for (const [number, chunk] of this.#chunks) {
      if ("loading" in chunk && !numbers.includes(number)) {
        chunk.loading.abort();
        this.#chunks.delete(number);
      }
    }
    for (const number of numbers) {
      const chunk = this.#chunks.get(number);
      if (chunk === undefined) {
        void this.#load(number);
      } else {
        this.#chunks.delete(number);
        this.#chunks.set(number, chunk);
      }
    }
    this.#evict();
  }

  /** Loads again what has failed. */
  retry(): void {
    for (const [number, chunk] of this.#chunks) {
      if ("error" in chunk) {
        this.#chunks.delete(number);
      }
    }
    this.request(this.#requested);
    this.#notify();
  }

  /** Digits from number first on, as many as asked for or as the value has; undefined where not all are there. */
  digits(first: number, count: number): string | undefined {
    const end = Math.min(first + count, this.#digitCount);
    let digits = "";
    for (let at = first; at < end; ) {
      const number = Math.floor(at / chunkSize);
      const chunk = this.#chunks.get(number);
      if (chunk === undefined || !("digits" in chunk)) {
        return undefined;
      }
      const start = number * chunkSize;
      digits += chunk.digits.slice(at - start, end - start);
      at = start + chunkSize;
    }
    return digits;
  }

  /** Why one of the chunks wanted last could not be read, if so. */
  error(): unknown {
    for (const number of this.#requested) {
      const chunk = this.#chunks.get(number);
      if (chunk !== undefined && "error" in chunk) {
        return chunk.error;
      }
    }
    return undefined;
  }

  async #load(number: number): Promise<void> {
    const loading = new AbortController();
    const { signal } = loading;
    this.#chunks.set(number, { loading });
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    if (signal.aborted) {
      return;
    }
    const first = number * chunkSize;
    try {
      const digits = await this.#read(first, Math.min(chunkSize, this.#digitCount - first), signal);
      if (!signal.aborted) {
        this.#chunks.set(number, { digits });
        this.#notify();
      }
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      if (error instanceof DigitsChanged) {
        this.#restart();
      } else {
        this.#chunks.set(number, { error });
      }
      this.#notify();
    }
  }

  #restart(): void {
    const wanted = this.#requested;
    this.request([]);
    this.#chunks.clear();
    this.request(wanted);
  }

  #evict(): void {
    for (const number of this.#chunks.keys()) {
      if (this.#chunks.size <= maxChunks || this.#requested.includes(number)) {
        return;
      }
      this.#chunks.delete(number);
    }
  }

  #notify(): void {
    this.#version++;
    for (const listener of this.#listeners) {
      listener();
    }
  }
}
