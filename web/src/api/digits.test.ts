import { expect, test } from "vitest";
import { countDigits } from "./digits";

test("countDigits counts the same however the digits are split into chunks", async () => {
  const bytes = new TextEncoder().encode("12200160415121876738");
  async function* chunks() {
    yield bytes.subarray(0, 1);
    yield bytes.subarray(1, 13);
    yield bytes.subarray(13);
  }
  expect(await countDigits(chunks(), () => undefined)).toEqual([3, 5, 3, 1, 1, 1, 2, 2, 2, 0]);
});
