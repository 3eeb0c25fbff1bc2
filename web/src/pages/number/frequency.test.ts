import { expect, test } from "vitest";
import { countDigits } from "../../api/digits";
import { barData, describeCounts } from "./frequency";

test("digits are counted however they are cut into pieces", async () => {
  const bytes = new TextEncoder().encode("12200160415121876738");
  const told: number[] = [];
  const pieces = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes.subarray(0, 1));
      controller.enqueue(bytes.subarray(1, 13));
      controller.enqueue(bytes.subarray(13));
      controller.close();
    },
  });
  expect(await countDigits(pieces, (seen) => told.push(seen))).toEqual([3, 5, 3, 1, 1, 1, 2, 2, 2, 0]);
});

test("the sentence names the most and the least frequent, and the sum of all digits", () => {
  expect(describeCounts([3, 5, 3, 1, 1, 1, 2, 2, 2, 0])).toBe(
    "Most frequent: 1. Least frequent: 9. All digits add up to 65.",
  );
  expect(describeCounts([4, 4, 1, 2, 2, 2, 2, 2, 2, 1])).toBe(
    "Most frequent: 0 and 1. Least frequent: 2 and 9. All digits add up to 81.",
  );
});

test("bars are shares in percent", () => {
  const [positions, shares, tenth] = barData([0, 0, 0, 0, 0, 3, 0, 1, 0, 0]);
  expect(positions).toEqual([-0.5, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9.5]);
  expect(shares).toEqual([null, 0, 0, 0, 0, 0, 75, 0, 25, 0, 0, null]);
  expect(tenth).toEqual(new Array(12).fill(10));
});
