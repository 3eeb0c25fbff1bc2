import { expect, test } from "vitest";
import { parseWanted } from "./parseWanted";

test("parseWanted takes digits however they are separated", () => {
  for (const text of [
    "311299",
    "31.12.99",
    " 31/12/99 ",
    "31-12-99",
    "31–12–99",
    "31 12 99",
    "311,299",
    "٣١١٢٩٩",
  ]) {
    expect(parseWanted(text), text).toEqual({ wanted: "311299" });
  }
  expect(parseWanted("007")).toEqual({ wanted: "007" });
  expect(parseWanted("1".repeat(100))).toEqual({ wanted: "1".repeat(100) });
});

test("parseWanted explains what it does not take", () => {
  for (const text of ["", " ", ".", "abc", "12a", "<b>1</b>"]) {
    expect(parseWanted(text), text).toEqual({ invalid: "Enter the digits to find, such as 311299." });
  }
  expect(parseWanted("1".repeat(101))).toEqual({ invalid: "Enter at most 100 digits." });
});
