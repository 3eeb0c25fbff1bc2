import { expect, test } from "vitest";
import { toggleSign } from "./toggleSign";

test.each([
  ["", "−"],
  ["8", "−8"],
  ["1,000", "−1,000"],
  ["F(8)", "F(−8)"],
  ["٨", "−٨"],
  ["१०,००,०००", "−१०,००,०००"],
  ["１０", "−１０"],
  ["F₁₀", "F−₁₀"],
])("toggleSign turns %j into %j and back", (text, negative) => {
  expect(toggleSign(text)).toBe(negative);
  expect(toggleSign(negative)).toBe(text);
});

test("toggleSign replaces other signs", () => {
  expect(toggleSign("-8")).toBe("8");
  expect(toggleSign("–8")).toBe("8");
  expect(toggleSign("+8")).toBe("−8");
  expect(toggleSign("＋８")).toBe("−８");
  expect(toggleSign("\u061c-٨")).toBe("\u061c٨");
});
