import { DigitsChanged, type ReadDigits } from "../../api/digits";

/** Digits in a chunk: more than a screen, and quick to load. */
export const chunkSize = 32_768;

/** How many chunks are kept, those requested last: 4 MiB. */
const maxChunks = 128;

/** A chunk that is scrolled past within this time is not loaded. */
const settleMs = 60;

type Chunk = { digits: string } | { error: unknown } | { loading: AbortController };

/**
 * Digits of one value, loaded chunk by chunk on request, in bounded memory. Its
 * listeners are notified when a chunk was loaded or failed to load.
 */
export class DigitChunks {
  readonly #read: ReadDigits;
  readonly #digitCount: number;
  readonly #listeners = new Set<() => void>();
  /** By number, in the order of the last request. */
  readonly #chunks = new Map<number, Chunk>();
  #requested: readonly number[] = [];
  #version = 0;

  constructor(digitCount: number, read: ReadDigits) {
    this.#digitCount = digitCount;
    this.#read = read;
  }

  /** Calls the listener on each change until the returned function is called. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Returns another number after each change. */
  readonly version = (): number => this.#version;

  /** Loads the chunks with these numbers, and aborts others. Chunks that failed are loaded only by retry. */
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

  /** Loads again what failed to load. */
  retry(): void {
    for (const [number, chunk] of this.#chunks) {
      if ("error" in chunk) {
        this.#chunks.delete(number);
      }
    }
    this.request(this.#requested);
    this.#notify();
  }

  /** Returns count digits from number first on, fewer at the end of the value, or undefined until all are loaded. */
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

  /** Returns why one of the requested chunks failed to load, if one did. */
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
    const requested = this.#requested;
    this.request([]);
    this.#chunks.clear();
    this.request(requested);
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
