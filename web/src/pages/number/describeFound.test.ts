import { expect, test } from "vitest";
import { describeChance, describeFound } from "./describeFound";

test("describeFound says how often and where", () => {
  const found = { read: 209, positions: [12_345, 67_890] };
  expect(describeFound(1_000, "77", { ...found, count: 0, positions: [] })).toBe(
    "77 does not occur in F(1,000).",
  );
  expect(describeFound(-8, "77", { ...found, count: 1 })).toBe("77 occurs once in F(−8), at digit 12,345.");
  expect(describeFound(1_000, "77", { ...found, count: 2_000 })).toBe("77 occurs 2,000 times in F(1,000).");
});

test("describeChance tells what random digits would have", () => {
  expect(describeChance(20_898_764, 6)).toBe("As many random digits would have it about 21 times.");
  expect(describeChance(109, 2)).toBe("As many random digits would have it about once.");
  expect(describeChance(209, 6)).toBe("The chance that as many random digits have it is about 0.02%.");
  expect(describeChance(20_898_764, 8)).toBe("The chance that as many random digits have it is about 19%.");
  expect(describeChance(209, 12)).toBe("The chance that as many random digits have it is less than 0.01%.");
  expect(describeChance(2, 3)).toBe("");
});
