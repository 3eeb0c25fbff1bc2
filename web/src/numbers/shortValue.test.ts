import { expect, test } from "vitest";
import { maxSpokenDigits, shortValue } from "./shortValue";

test.each([
  [0, "0"],
  [1, "1"],
  [10, "55"],
  [93, "12200160415121876738"],
  [-1, "1"],
  [-7, "13"],
  [-8, "−21"],
])("shortValue of %i is %s", (index, value) => {
  expect(shortValue(index)).toBe(value);
});

test("shortValue returns all values that are short enough, and no longer ones", () => {
  expect(shortValue(145)).toBe("898923707008479989274290850145");
  expect(shortValue(145)).toHaveLength(maxSpokenDigits);
  expect(shortValue(146)).toBeUndefined();
  expect(shortValue(-146)).toBeUndefined();
});
