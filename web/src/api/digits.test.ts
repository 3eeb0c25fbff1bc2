import { expect, test } from "vitest";
import { countDigits } from "./digits";

test("countDigits counts the same however the digits are split into chunks", async () => {
  const bytes = new TextEncoder().encode("12200160415121876738");
  const chunks = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes.subarray(0, 1));
      controller.enqueue(bytes.subarray(1, 13));
      controller.enqueue(bytes.subarray(13));
      controller.close();
    },
  });
  expect(await countDigits(chunks, () => undefined)).toEqual([3, 5, 3, 1, 1, 1, 2, 2, 2, 0]);
});
