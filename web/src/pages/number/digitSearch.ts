/** How many positions are kept. Others are only counted. */
export const maxPositions = 100;

/** Where some digits occur in those that were read so far. */
export interface FoundDigits {
  /** How many digits were read. */
  read: number;
  /** How often they occur, overlapping occurrences included. */
  count: number;
  /** Of the first digit of the first occurrences, counted from 1. */
  positions: readonly number[];
}

/**
 * Searches digits that arrive in chunks, in constant memory: by the algorithm of Knuth, Morris and Pratt, which
 * looks at each digit once and needs none of those before it.
 */
export class DigitSearch {
  readonly #wanted: Uint8Array;
  /** For each number of wanted digits that were seen: how many of the last ones begin the wanted digits again. */
  readonly #fallback: readonly number[];
  readonly #positions: number[] = [];
  #matched = 0;
  #read = 0;
  #count = 0;

  /** @param wanted - at least one digit */
  constructor(wanted: string) {
    this.#wanted = new TextEncoder().encode(wanted);
    this.#fallback = fallbacks(this.#wanted);
  }

  add(chunk: Uint8Array): void {
    const wanted = this.#wanted;
    const fallback = this.#fallback;
    let matched = this.#matched;
    for (let i = 0; i < chunk.length; i++) {
      const digit = chunk[i];
      while (matched > 0 && wanted[matched] !== digit) {
        matched = fallback[matched] ?? 0;
      }
      if (wanted[matched] === digit) {
        matched++;
      }
      if (matched === wanted.length) {
        this.#count++;
        if (this.#positions.length < maxPositions) {
          this.#positions.push(this.#read + i + 2 - wanted.length);
        }
        matched = fallback[matched] ?? 0;
      }
    }
    this.#matched = matched;
    this.#read += chunk.length;
  }

  found(): FoundDigits {
    return { read: this.#read, count: this.#count, positions: [...this.#positions] };
  }
}

function fallbacks(wanted: Uint8Array): number[] {
  const fallback = [0, 0];
  for (let seen = 1; seen < wanted.length; seen++) {
    let matched = fallback[seen] ?? 0;
    while (matched > 0 && wanted[matched] !== wanted[seen]) {
      matched = fallback[matched] ?? 0;
    }
    fallback.push(wanted[matched] === wanted[seen] ? matched + 1 : 0);
  }
  return fallback;
}
