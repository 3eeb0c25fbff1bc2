import { expect, test } from "vitest";
import { calculated } from "../test/samples";
import { describeState } from "./describeState";

test("describeState tells a short value", () => {
  expect(describeState(10, { ...calculated(10, "55"), state: "calculated" })).toBe("F(10) is 55.");
  expect(describeState(-8, { ...calculated(-8, "-21"), state: "calculated" })).toBe("F(−8) is −21.");
});

test("describeState tells the length of a longer value", () => {
  const whole = calculated(1_000, "4".repeat(209));
  expect(describeState(1_000, { ...whole, state: "calculated" })).toBe(
    "F(1,000) has 209 digits and begins with 4444444444.",
  );
  const { value: _, ...rest } = calculated(-100_000, "2".repeat(20_899));
  const ends = { ...rest, sign: -1, leading: "2".repeat(50) };
  expect(describeState(-100_000, { ...ends, state: "calculated" })).toBe(
    "F(−100,000) has 20,899 digits and begins with −2222222222.",
  );
});

test("describeState tells what is not calculated yet", () => {
  expect(describeState(1_000, undefined)).toBe("F(1,000) is in the queue.");
  expect(describeState(1_000, { index: 1_000, state: "pending" })).toBe("F(1,000) is in the queue.");
  expect(describeState(10, { index: 10, state: "calculating" })).toBe("Calculating F(10)…");
  expect(describeState(10, { index: 10, state: "failed" })).toBe("F(10) could not be calculated.");
});

test("describeState tells a short value before it is calculated", () => {
  const sentences = "F(−8) is −21. It is in the queue to be checked and stored.";
  expect(describeState(-8, undefined)).toBe(sentences);
  expect(describeState(-8, { index: -8, state: "pending" })).toBe(sentences);
});
