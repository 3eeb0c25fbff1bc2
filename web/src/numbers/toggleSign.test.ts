import { expect, test } from "vitest";
import { toggleSign } from "./toggleSign";

test.each([
  ["", "−"],
  ["8", "−8"],
  ["1,000", "−1,000"],
  ["F(8)", "F(−8)"],
])("toggleSign turns %j into %j and back", (text, negative) => {
  expect(toggleSign(text)).toBe(negative);
  expect(toggleSign(negative)).toBe(text);
});

test("toggleSign replaces other signs", () => {
  expect(toggleSign("-8")).toBe("8");
  expect(toggleSign("–8")).toBe("8");
  expect(toggleSign("+8")).toBe("−8");
});
