import { calculatedValue, expect, field, seenRow, submit, test } from "./fixtures";

// What people come for. It works on any Pisano, empty or not, so that PISANO_URL can name an installation to test.

/** An index that is unlikely to have been submitted before. */
const fresh = () => 1_000 + Math.floor(Math.random() * 9_000);

test("a submitted index gets its value without a reload", async ({ page }) => {
  const index = fresh();
  const term = `F(${index.toLocaleString("en")})`;
  await page.goto("/");
  await submit(page, String(index));
  await expect(calculatedValue(page, term)).toBeVisible();
  await expect(seenRow(page, term)).toContainText("Calculated");
  await expect(page.getByRole("region", { name: "Your number" })).toContainText(`${term} has`);
});

test("invalid input is explained before anything is sent", async ({ page }) => {
  await page.goto("/");
  await field(page).fill("ten");
  await expect(page.getByRole("alert")).toContainText("not a whole number");
});

test("each address can be opened, reloaded and left", async ({ page }) => {
  const pages = [
    ["/", "Any Fibonacci number, every digit"],
    ["/values/10", "F(10)"],
    ["/explore", "Explore"],
    ["/otherpage", "The path of an index"],
  ] as const;
  for (const [path, heading] of pages) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toContainText(heading);
    await page.reload();
    await expect(page.getByRole("heading", { level: 1 })).toContainText(heading);
  }
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Explore");
});

test("what another program submits appears without a reload", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("region", { name: "Values I have seen" })).toBeVisible();
  const index = 10_000 + fresh();
  const answer = await page.request.post("/api/indices", { data: { index } });
  expect([200, 202]).toContain(answer.status());
  await expect(calculatedValue(page, `F(${index.toLocaleString("en")})`)).toBeVisible();
});
