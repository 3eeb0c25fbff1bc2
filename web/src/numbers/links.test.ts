import { expect, test } from "vitest";
import { embedCode, linkTo } from "./links";

test("linkTo has what is to be shown", () => {
  expect(linkTo("https://example.com", -8, {})).toBe("https://example.com/values/-8");
  expect(linkTo("https://example.com", 1_000, { digit: 12 })).toBe(
    "https://example.com/values/1000?digit=12",
  );
  expect(linkTo("http://localhost:8080", 1_000, { digit: 12, find: "007" })).toBe(
    "http://localhost:8080/values/1000?find=007&digit=12",
  );
});

test("embedCode is a frame with a name", () => {
  expect(embedCode("https://example.com", -1_000)).toBe(
    '<iframe src="https://example.com/embed/values/-1000" title="F(−1,000)" width="100%" height="200" style="border: 0" loading="lazy"></iframe>',
  );
});
