import { expect, test } from "vitest";
import { csvOf, tabSeparated } from "./tableText";
import { ownTerms } from "./terms";

const terms = ownTerms(-2, 2) ?? [];

test("csvOf has a line of names and the numbers as programs read them", () => {
  expect(csvOf(terms)).toBe(
    "n,F(n),digits,ratio,last digit\r\n-2,-1,1,-0.5,1\r\n-1,1,1,-1,1\r\n0,0,1,0,0\r\n1,1,1,,1\r\n2,1,1,1,1\r\n",
  );
});

test("tabSeparated has tabs", () => {
  expect(tabSeparated(terms.slice(-1))).toBe("n\tF(n)\tdigits\tratio\tlast digit\n2\t1\t1\t1\t1\n");
});
