import { readFile } from "node:fs/promises";
import { calculatedValue, expect, field, seenRow, submit, test } from "./fixtures";

test("a submitted index gets its value without a reload", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByText("Nothing here yet. Enter an index above")).toBeVisible();
  let loads = 0;
  page.on("load", () => loads++);

  await submit(page, "93");

  await expect(calculatedValue(page, "F(93)")).toContainText("F(93) = 12200160415121876738");
  await expect(seenRow(page, "F(93)")).toContainText("Calculated");
  await expect(page.getByRole("region", { name: "Your number" })).toContainText("12200160415121876738");
  await expect(field(page)).toBeFocused();
  expect(loads).toBe(0);
});

test("a negative index has its sign: F(−8) = −21", async ({ page }) => {
  await page.goto("/");
  await submit(page, "-8");
  await expect(calculatedValue(page, "F(−8)")).toContainText("F(−8) = −21");
});

test("values are kept over a reload and over a restart of the server", async ({ page, server }) => {
  await page.goto("/");
  await submit(page, "10");
  await expect(calculatedValue(page, "F(10)")).toContainText("= 55");
  await page.reload();
  await expect(calculatedValue(page, "F(10)")).toContainText("= 55");

  await server.stop();
  await server.start();
  await page.reload();
  await expect(calculatedValue(page, "F(10)")).toContainText("= 55");
  await expect(seenRow(page, "F(10)")).toContainText("Calculated");
});

test("what cannot become an index is explained while typing", async ({ page }) => {
  await page.goto("/");
  await field(page).fill("ten");
  await expect(page.getByRole("alert")).toHaveText(
    "That is not a whole number. 1,000, −8, 1e6, 2^20 and F(100) all work.",
  );
  await field(page).fill("1.55e1");
  await expect(page.getByRole("alert")).toHaveText("An index is a whole number, without decimals.");
  await field(page).fill("15");
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("an index that is too large is refused with the sentence of the server, and can be corrected", async ({
  page,
}) => {
  await page.goto("/");
  await submit(page, "1,000,000,000");
  await expect(page.getByRole("alert")).toContainText(/208,?987,?640 digits/);
  await expect(field(page)).toBeFocused();
  await expect(field(page)).toHaveValue("1,000,000,000");
  await submit(page, "1,000");
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(calculatedValue(page, "F(1,000)")).toContainText("… 109 more digits …");
});

test("the cost of a number is shown before it is submitted", async ({ page, server }) => {
  await page.goto("/");
  await field(page).fill("1000000");
  await expect(page.getByText("F(1,000,000) has 208,988 digits and takes")).toBeVisible();
  await field(page).fill("1000000000");
  await expect(page.getByRole("alert")).toContainText(/208,?987,?640 digits/);
  await field(page).fill("-12");
  await expect(page.getByText("F(−12) is −144.")).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
  // None of this submitted anything.
  const seen = await page.request.get(`${server.url}/api/indices`);
  expect(await seen.json()).toMatchObject({ items: [] });
});

test("all digits of a large value can be downloaded", async ({ page }) => {
  await page.goto("/");
  await submit(page, "20000000");
  const value = calculatedValue(page, "F(20,000,000)");
  await expect(value).toContainText("4,179,753 digits");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    value.getByRole("link", { name: "Download all digits" }).click(),
  ]);
  const digits = await readFile(await download.path(), "latin1");
  expect(digits.trim()).toMatch(/^\d{4179753}$/);
});

for (const [text, term] of [
  ["1.000", "F(1,000)"],
  ["1e6", "F(1,000,000)"],
  ["10^6", "F(1,000,000)"],
  ["2^10", "F(1,024)"],
  ["F(100)", "F(100)"],
  ["+5", "F(5)"],
  ["–8", "F(−8)"],
  ["\u200b１０\u200e", "F(10)"],
  ["1\u2007234", "F(1,234)"],
] as const) {
  test(`${JSON.stringify(text)} is understood as ${term}`, async ({ page }) => {
    await page.goto("/");
    await submit(page, text);
    await expect(calculatedValue(page, term)).toBeVisible();
    await expect(page.getByRole("alert")).toHaveCount(0);
  });
}

test("an index stays right while the server cannot take it", async ({ page, server }) => {
  await page.goto("/");
  await expect(page.getByText("Nothing here yet. Enter an index above")).toBeVisible();
  await server.stop();
  await submit(page, "10");
  await expect(page.getByRole("alert")).toContainText("Pisano is not responding.");
  await expect(field(page)).not.toHaveAttribute("aria-invalid", "true");
});
