import { DigitsChanged, type ReadDigits } from "../../api/digits";

/** So many digits are read at a time: a large piece of screen, and little to wait for. */
export const pieceSize = 32_768;

/** So many pieces are kept, of those seen last: 4 MiB. */
const keptPieces = 128;

/** A piece that is scrolled past within this is not asked for. */
const settleMs = 60;

type Piece = { digits: string } | { error: unknown } | { loading: AbortController };

/**
 * Digits of one value, read piece by piece as they are wanted, in bounded
 * memory. Tells its listeners when a piece has come, or has failed to.
 */
export class DigitPieces {
  readonly #read: ReadDigits;
  readonly #digitCount: number;
  readonly #listeners = new Set<() => void>();
  /** By number; those wanted last are at the end. */
  readonly #pieces = new Map<number, Piece>();
  #wanted: readonly number[] = [];
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

  /** Has the pieces with these numbers loaded, and no others. Those that have failed stay so. */
  want(numbers: readonly number[]): void {
    this.#wanted = numbers;
    for (const [number, piece] of this.#pieces) {
      if ("loading" in piece && !numbers.includes(number)) {
        piece.loading.abort();
        this.#pieces.delete(number);
      }
    }
    for (const number of numbers) {
      const piece = this.#pieces.get(number);
      if (piece === undefined) {
        void this.#load(number);
      } else {
        this.#pieces.delete(number);
        this.#pieces.set(number, piece);
      }
    }
    this.#forget();
  }

  /** Loads again what has failed. */
  retry(): void {
    for (const [number, piece] of this.#pieces) {
      if ("error" in piece) {
        this.#pieces.delete(number);
      }
    }
    this.want(this.#wanted);
    this.#tell();
  }

  /** Digits from number first on, as many as asked for or as the value has; undefined where not all are there. */
  digits(first: number, count: number): string | undefined {
    const end = Math.min(first + count, this.#digitCount);
    let digits = "";
    for (let at = first; at < end; ) {
      const number = Math.floor(at / pieceSize);
      const piece = this.#pieces.get(number);
      if (piece === undefined || !("digits" in piece)) {
        return undefined;
      }
      const start = number * pieceSize;
      digits += piece.digits.slice(at - start, end - start);
      at = start + pieceSize;
    }
    return digits;
  }

  /** Why one of the pieces wanted last could not be read, if so. */
  error(): unknown {
    for (const number of this.#wanted) {
      const piece = this.#pieces.get(number);
      if (piece !== undefined && "error" in piece) {
        return piece.error;
      }
    }
    return undefined;
  }

  async #load(number: number): Promise<void> {
    const loading = new AbortController();
    const { signal } = loading;
    this.#pieces.set(number, { loading });
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    if (signal.aborted) {
      return;
    }
    const first = number * pieceSize;
    try {
      const digits = await this.#read(first, Math.min(pieceSize, this.#digitCount - first), signal);
      if (!signal.aborted) {
        this.#pieces.set(number, { digits });
        this.#tell();
      }
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      if (error instanceof DigitsChanged) {
        this.#startAnew();
      } else {
        this.#pieces.set(number, { error });
      }
      this.#tell();
    }
  }

  #startAnew(): void {
    const wanted = this.#wanted;
    this.want([]);
    this.#pieces.clear();
    this.want(wanted);
  }

  #forget(): void {
    for (const number of this.#pieces.keys()) {
      if (this.#pieces.size <= keptPieces || this.#wanted.includes(number)) {
        return;
      }
      this.#pieces.delete(number);
    }
  }

  #tell(): void {
    this.#version++;
    for (const listener of this.#listeners) {
      listener();
    }
  }
}
