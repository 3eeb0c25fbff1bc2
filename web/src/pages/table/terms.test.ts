import { expect, test } from "vitest";
import { fibonacci } from "../../test/samples";
import { maxOwnIndex, ownTerms } from "./terms";

test("ownTerms are the Fibonacci numbers with their digits", () => {
  const terms = ownTerms(0, maxOwnIndex);
  expect(terms?.map(({ value }) => value)).toEqual(terms?.map(({ index }) => String(fibonacci(index))));
  expect(terms?.at(-1)).toMatchObject({ index: maxOwnIndex, digitCount: 42 });
});

test("ownTerms continue to the left", () => {
  expect(ownTerms(-8, -6)?.map(({ value, digitCount }) => [value, digitCount])).toEqual([
    ["-21", 2],
    ["13", 2],
    ["-8", 1],
  ]);
});

test("ownTerms have the ratio to the number before, as the server has it", () => {
  const ratio = (index: number) => ownTerms(index, index)?.[0]?.ratio;
  expect(ratio(10)).toBe(1.6176470588235294);
  expect(ratio(1)).toBeNull();
  expect(ratio(0)).toBe(0);
  expect(ratio(-8)).toBe(-0.6176470588235294);
  expect(ratio(100)).toBe(1.618033988749895);
  expect(ratio(-100)).toBeCloseTo(-0.618033988749895, 15);
});

test("ownTerms leave what is far away to the server", () => {
  expect(ownTerms(0, maxOwnIndex + 1)).toBeUndefined();
  expect(ownTerms(-maxOwnIndex - 1, 0)).toBeUndefined();
});
