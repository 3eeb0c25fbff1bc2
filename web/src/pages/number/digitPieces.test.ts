import { expect, test, vi } from "vitest";
import { DigitsChanged, type ReadDigits } from "../../api/digits";
import { DigitPieces, pieceSize } from "./digitPieces";

/** A value whose digits are their own positions, of which only the last figure is written. */
const digitCount = 300 * pieceSize + 10;
const figure = (position: number) => String(position % 10);

/** Waits for what comes, or never: only a hang takes longer. */
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 60_000 });

/** Reads at once, and keeps the numbers of the pieces asked for. */
function reader() {
  const asked: number[] = [];
  const read: ReadDigits = async (first, count) => {
    asked.push(first / pieceSize);
    return Array.from({ length: count }, (_, i) => figure(first + i)).join("");
  };
  return { asked, read };
}

test("digits are there once their pieces are, across the border of two and at the end", async () => {
  const { asked, read } = reader();
  const pieces = new DigitPieces(digitCount, read);
  pieces.want([0, 1, 300]);
  expect(pieces.digits(0, 10)).toBeUndefined();
  await eventually(() => expect(pieces.digits(pieceSize - 3, 6)).toBe("567890"));
  await eventually(() => expect(pieces.digits(300 * pieceSize, 100)).toHaveLength(10));
  expect(pieces.digits(2 * pieceSize - 3, 6)).toBeUndefined();
  expect(asked).toEqual([0, 1, 300]);
});

test("what is scrolled past at once is never asked for, and what is under way is broken off", async () => {
  const signals: AbortSignal[] = [];
  const pieces = new DigitPieces(digitCount, (_first, _count, signal) => {
    signals.push(signal);
    return new Promise(() => undefined);
  });
  for (let number = 0; number < 100; number++) {
    pieces.want([number]);
  }
  await eventually(() => expect(signals).toHaveLength(1));
  expect(signals[0]?.aborted).toBe(false);
  pieces.want([0]);
  expect(signals[0]?.aborted).toBe(true);
});

test("however much is seen, only the pieces seen last are kept", async () => {
  const { asked, read } = reader();
  const pieces = new DigitPieces(digitCount, read);
  for (let number = 0; number < 200; number += 20) {
    const some = Array.from({ length: 20 }, (_, i) => number + i);
    pieces.want(some);
    await eventually(() => expect(pieces.digits((number + 19) * pieceSize, 1)).toBeDefined());
  }
  expect(asked).toHaveLength(200);
  const kept = Array.from({ length: 200 }, (_, i) => pieces.digits(i * pieceSize, 1) !== undefined);
  expect(kept.indexOf(true)).toBe(72);
  expect(kept.lastIndexOf(false)).toBe(71);
});

test("a piece that failed says so until it is tried again", async () => {
  const { read } = reader();
  let away = true;
  const pieces = new DigitPieces(digitCount, (...call) =>
    away ? Promise.reject(new Error("away")) : read(...call),
  );
  const heard = vi.fn();
  pieces.subscribe(heard);
  pieces.want([7]);
  await eventually(() => expect(pieces.error()).toEqual(new Error("away")));
  expect(heard).toHaveBeenCalledOnce();
  pieces.want([7, 8]);
  expect(pieces.error()).toEqual(new Error("away"));

  away = false;
  pieces.retry();
  expect(pieces.error()).toBeUndefined();
  await eventually(() => expect(pieces.digits(7 * pieceSize, 2)).toBe("67"));
});

test("pieces of two values are never shown together", async () => {
  let changed = false;
  const pieces = new DigitPieces(digitCount, async (_first, count) => {
    if (changed) {
      changed = false;
      throw new DigitsChanged();
    }
    return "8".repeat(count);
  });
  pieces.want([0]);
  await eventually(() => expect(pieces.digits(0, 1)).toBe("8"));
  changed = true;
  pieces.want([0, 1]);
  await eventually(() => expect(pieces.digits(0, 1)).toBeUndefined());
  await eventually(() => expect(pieces.digits(pieceSize - 1, 2)).toBe("88"));
});
