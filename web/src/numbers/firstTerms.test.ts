import { expect, test } from "vitest";
import { firstTerms } from "./firstTerms";

test("firstTerms are F(0) to F(93)", () => {
  expect(firstTerms).toHaveLength(94);
  expect(firstTerms.slice(0, 11)).toEqual([0n, 1n, 1n, 2n, 3n, 5n, 8n, 13n, 21n, 34n, 55n]);
  // From other sources.
  expect(firstTerms[47]).toBe(2_971_215_073n);
  expect(firstTerms[92]).toBe(7_540_113_804_746_346_429n);
  expect(firstTerms[93]).toBe(12_200_160_415_121_876_738n);
});

test("firstTerms end where the numbers no longer fit into 64 bits", () => {
  expect((firstTerms[93] ?? 0n) < 2n ** 64n).toBe(true);
  expect((firstTerms[92] ?? 0n) + (firstTerms[93] ?? 0n) > 2n ** 64n).toBe(true);
});
