import { expect, test } from "vitest";
import { DigitSearch, maxPositions } from "./digitSearch";

/** Searches digits that arrive in chunks of the given sizes, and the rest in one. */
function search(digits: string, wanted: string, ...sizes: number[]) {
  const bytes = new TextEncoder().encode(digits);
  const search = new DigitSearch(wanted);
  let at = 0;
  for (const size of [...sizes, bytes.length]) {
    search.add(bytes.subarray(at, at + size));
    at += size;
  }
  return search.found();
}

/** The positions by looking at each one. */
function positionsOf(wanted: string, digits: string): number[] {
  return Array.from(digits, (_, i) => i + 1).filter((position) => digits.startsWith(wanted, position - 1));
}

test("DigitSearch counts positions from 1, overlapping ones included", () => {
  expect(search("12200160415121876738", "12")).toEqual({ read: 20, count: 2, positions: [1, 12] });
  expect(search("1111", "11")).toEqual({ read: 4, count: 3, positions: [1, 2, 3] });
  expect(search("0", "0")).toEqual({ read: 1, count: 1, positions: [1] });
  expect(search("55", "555")).toEqual({ read: 2, count: 0, positions: [] });
  expect(search("", "5")).toEqual({ read: 0, count: 0, positions: [] });
});

test("DigitSearch finds the same wherever the digits are split", () => {
  const digits = "3112993112311299311293112993112";
  for (const wanted of ["311299", "3112993112", "99", "2", "31129931129"]) {
    const positions = positionsOf(wanted, digits);
    for (let first = 0; first <= digits.length; first++) {
      for (let second = 0; second <= digits.length - first; second++) {
        expect(search(digits, wanted, first, second).positions, `${wanted} ${first} ${second}`).toEqual(
          positions,
        );
      }
    }
  }
});

test("DigitSearch finds all that begin again within themselves", () => {
  // Few different digits, so that beginnings repeat, in chunks of one to seven.
  let seed = 1;
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const digits = Array.from({ length: 2_000 }, () => random(2)).join("");
  let found = 0;
  for (let length = 1; length <= 12; length++) {
    const at = random(digits.length - length);
    const wanted = digits.slice(at, at + length);
    const sizes = Array.from({ length: 600 }, () => 1 + random(7));
    const positions = positionsOf(wanted, digits);
    const { count, positions: kept } = search(digits, wanted, ...sizes);
    expect(count, wanted).toBe(positions.length);
    expect(kept, wanted).toEqual(positions.slice(0, maxPositions));
    found += count;
  }
  expect(found).toBeGreaterThan(maxPositions);
});
