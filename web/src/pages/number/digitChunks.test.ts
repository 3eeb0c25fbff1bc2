import { expect, test, vi } from "vitest";
import { DigitsChanged, type ReadDigits } from "../../api/digits";
import { chunkSize, DigitChunks } from "./digitChunks";

/** The digits of the test value: each is the last digit of its own position. */
const digitCount = 300 * chunkSize + 10;
const figure = (position: number) => String(position % 10);

/** Waits with a bound that only a hang exceeds. */
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 60_000 });

/** A reader that answers at once and records the numbers of the requested chunks. */
function reader() {
  const requested: number[] = [];
  const read: ReadDigits = async (first, count) => {
    requested.push(first / chunkSize);
    return Array.from({ length: count }, (_, i) => figure(first + i)).join("");
  };
  return { requested, read };
}

test("DigitChunks returns digits once their chunks are loaded, across two of them and at the end", async () => {
  const { requested, read } = reader();
  const chunks = new DigitChunks(digitCount, read);
  chunks.request([0, 1, 300]);
  expect(chunks.digits(0, 10)).toBeUndefined();
  await eventually(() => expect(chunks.digits(chunkSize - 3, 6)).toBe("567890"));
  await eventually(() => expect(chunks.digits(300 * chunkSize, 100)).toHaveLength(10));
  expect(chunks.digits(2 * chunkSize - 3, 6)).toBeUndefined();
  expect(requested).toEqual([0, 1, 300]);
});

test("DigitChunks does not load what is scrolled past, and aborts what is no longer requested", async () => {
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

test("DigitChunks keeps only the chunks requested last", async () => {
  const { requested, read } = reader();
  const chunks = new DigitChunks(digitCount, read);
  for (let number = 0; number < 200; number += 20) {
    const some = Array.from({ length: 20 }, (_, i) => number + i);
    chunks.request(some);
    await eventually(() => expect(chunks.digits((number + 19) * chunkSize, 1)).toBeDefined());
  }
  expect(requested).toHaveLength(200);
  const kept = Array.from({ length: 200 }, (_, i) => chunks.digits(i * chunkSize, 1) !== undefined);
  expect(kept.indexOf(true)).toBe(72);
  expect(kept.lastIndexOf(false)).toBe(71);
});

test("DigitChunks reports an error until it is retried", async () => {
  const { read } = reader();
  let failing = true;
  const chunks = new DigitChunks(digitCount, (...call) =>
    failing ? Promise.reject(new Error("unavailable")) : read(...call),
  );
  const listener = vi.fn();
  chunks.subscribe(listener);
  chunks.request([7]);
  await eventually(() => expect(chunks.error()).toEqual(new Error("unavailable")));
  expect(listener).toHaveBeenCalledOnce();
  chunks.request([7, 8]);
  expect(chunks.error()).toEqual(new Error("unavailable"));

  failing = false;
  chunks.retry();
  expect(chunks.error()).toBeUndefined();
  await eventually(() => expect(chunks.digits(7 * chunkSize, 2)).toBe("67"));
});

test("DigitChunks never mixes chunks of two values", async () => {
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
