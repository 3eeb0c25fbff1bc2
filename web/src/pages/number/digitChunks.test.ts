import { expect, test, vi } from "vitest";
import { DigitsChanged, type ReadDigits } from "../../api/digits";
import { chunkSize, DigitChunks } from "./digitChunks";

/** A value whose digits are their own positions, of which only the last figure is written. */
const digitCount = 300 * chunkSize + 10;
const figure = (position: number) => String(position % 10);

/** Waits for what comes, or never: only a hang takes longer. */
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 60_000 });

/** Reads at once, and keeps the numbers of the chunks asked for. */
function reader() {
  const asked: number[] = [];
  const read: ReadDigits = async (first, count) => {
    asked.push(first / chunkSize);
    return Array.from({ length: count }, (_, i) => figure(first + i)).join("");
  };
  return { asked, read };
}

test("digits are there once their chunks are, across the border of two and at the end", async () => {
  const { asked, read } = reader();
  const chunks = new DigitChunks(digitCount, read);
  chunks.request([0, 1, 300]);
  expect(chunks.digits(0, 10)).toBeUndefined();
  await eventually(() => expect(chunks.digits(chunkSize - 3, 6)).toBe("567890"));
  await eventually(() => expect(chunks.digits(300 * chunkSize, 100)).toHaveLength(10));
  expect(chunks.digits(2 * chunkSize - 3, 6)).toBeUndefined();
  expect(asked).toEqual([0, 1, 300]);
});

test("what is scrolled past at once is never asked for, and what is under way is broken off", async () => {
  const signals: AbortSignal[] = [];
  const chunks = new DigitChunks(digitCount, (_first, _count, signal) => {
    signals.push(signal);
    return new Promise(() => undefined);
  });
  for (let number = 0; number < 100; number++) {
    chunks.request([number]);
  }
  await eventually(() => expect(signals).toHaveLength(1));
  expect(signals[0]?.aborted).toBe(false);
  chunks.request([0]);
  expect(signals[0]?.aborted).toBe(true);
});

test("however much is seen, only the chunks seen last are kept", async () => {
  const { asked, read } = reader();
  const chunks = new DigitChunks(digitCount, read);
  for (let number = 0; number < 200; number += 20) {
    const some = Array.from({ length: 20 }, (_, i) => number + i);
    chunks.request(some);
    await eventually(() => expect(chunks.digits((number + 19) * chunkSize, 1)).toBeDefined());
  }
  expect(asked).toHaveLength(200);
  const kept = Array.from({ length: 200 }, (_, i) => chunks.digits(i * chunkSize, 1) !== undefined);
  expect(kept.indexOf(true)).toBe(72);
  expect(kept.lastIndexOf(false)).toBe(71);
});

test("a chunk that failed says so until it is tried again", async () => {
  const { read } = reader();
  let away = true;
  const chunks = new DigitChunks(digitCount, (...call) =>
    away ? Promise.reject(new Error("away")) : read(...call),
  );
  const heard = vi.fn();
  chunks.subscribe(heard);
  chunks.request([7]);
  await eventually(() => expect(chunks.error()).toEqual(new Error("away")));
  expect(heard).toHaveBeenCalledOnce();
  chunks.request([7, 8]);
  expect(chunks.error()).toEqual(new Error("away"));

  away = false;
  chunks.retry();
  expect(chunks.error()).toBeUndefined();
  await eventually(() => expect(chunks.digits(7 * chunkSize, 2)).toBe("67"));
});

test("chunks of two values are never shown together", async () => {
  let changed = false;
  const chunks = new DigitChunks(digitCount, async (_first, count) => {
    if (changed) {
      changed = false;
      throw new DigitsChanged();
    }
    return "8".repeat(count);
  });
  chunks.request([0]);
  await eventually(() => expect(chunks.digits(0, 1)).toBe("8"));
  changed = true;
  chunks.request([0, 1]);
  await eventually(() => expect(chunks.digits(0, 1)).toBeUndefined());
  await eventually(() => expect(chunks.digits(chunkSize - 1, 2)).toBe("88"));
});
