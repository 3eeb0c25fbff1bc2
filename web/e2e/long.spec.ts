import { calculatedValue, expect, field, seenRow, submit, test } from "./fixtures";

// F(900,000,000) takes some ten seconds on a small machine.
test.use({ settings: { PISANO_MAX_INDEX: "1000000000" } });

test("a long calculation shows how far it is and how long it will take", async ({ page }) => {
  await page.goto("/");
  await field(page).fill("900000000");
  await expect(
    page.getByText("F(900,000,000) has 188,088,876 digits; calculating it takes about"),
  ).toBeVisible();
  await field(page).press("Enter");
  const row = seenRow(page, "F(900,000,000)");
  const bar = row.getByRole("progressbar", { name: "Calculation of F(900,000,000)" });
  await expect(bar).toHaveAttribute("aria-valuetext", /^[1-9]\d?%, (about .+|less than a second) left$/);
  await expect(row).toContainText("left");

  await page.reload();
  await expect(bar).toBeVisible();

  await expect(row).toContainText("Calculated");
  await expect(calculatedValue(page, "F(900,000,000)")).toContainText("188,088,876 digits");
});

test("one that the server is stopped in the middle of begins anew by itself", async ({ page, server }) => {
  await page.goto("/");
  await submit(page, "600000000");
  const row = seenRow(page, "F(600,000,000)");
  await expect(row.getByRole("progressbar")).toBeVisible();
  await server.stop();
  await expect(page.getByText("Live updates have stopped")).toBeVisible();
  await expect(row).toBeVisible();
  await server.start();
  await expect(row).toContainText("Calculated");
  await expect(page.getByText("Live updates have stopped")).toBeHidden();
});

test("one that its worker dies of again and again is failed; the page says why, and tries it again when told to", async ({
  page,
  server,
}) => {
  await page.goto("/");
  await submit(page, "900000000");
  const row = seenRow(page, "F(900,000,000)");
  const failed = row.getByText("Failed", { exact: true });
  const bar = row.getByRole("progressbar");
  for (let deaths = 0; deaths < 5; deaths++) {
    // What the one that died had done stands there until its claim has ended.
    await expect(bar).toBeVisible();
    const before = await bar.getAttribute("aria-valuenow");
    await expect(bar).not.toHaveAttribute("aria-valuenow", before ?? "");
    await server.kill();
    await server.start();
    await page.reload();
  }
  await expect(failed).toBeVisible({ timeout: 20_000 });
  await expect(row).toContainText("The calculation was begun 5 times and never came to an end.");
  await row.getByRole("button", { name: "Try F(900,000,000) again" }).press("Enter");
  await expect(bar).toBeVisible();
  await expect(row).toBeFocused();
  await expect(row).toContainText("Calculated");
});
