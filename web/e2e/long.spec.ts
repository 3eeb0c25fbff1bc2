import { calculatedValue, expect, field, seenList, seenRow, submit, test } from "./fixtures";

// F(900,000,000) takes some four seconds on one processor of a fast machine. The others are the browser's.
test.use({ settings: { PISANO_MAX_INDEX: "1000000000", GOMAXPROCS: "1" } });

test("a long calculation shows its progress and the time left", async ({ page, server }) => {
  await page.goto("/");
  await field(page).fill("900000000");
  await expect(page.getByText("F(900,000,000) has 188,088,876 digits and takes about")).toBeVisible();
  await field(page).press("Enter");
  const row = seenRow(page, "F(900,000,000)");
  await expect(row).toBeVisible();
  // One of three is being calculated while this looks and while the page is loaded again.
  await server.submit(899_999_999, 899_999_998);
  const bar = seenList(page)
    .getByRole("progressbar", { name: /^Calculation of F\(\d/ })
    .first();
  await expect(bar).toHaveAttribute("aria-valuetext", /^[1-9]\d?%, (about .+|less than a second) left$/);
  await expect(seenList(page)).toContainText(" left");

  await page.reload();
  await expect(bar).toBeVisible();

  await expect(row).toContainText("Calculated");
  await expect(calculatedValue(page, "F(900,000,000)")).toContainText("188,088,876 digits");
});

test("a calculation that the server stops in the middle of starts over by itself", async ({
  page,
  server,
}) => {
  await page.goto("/");
  await submit(page, "900000000");
  const row = seenRow(page, "F(900,000,000)");
  await expect(row.getByRole("progressbar")).toBeVisible();
  await server.stop();
  await expect(page.getByText("This page may be out of date")).toBeVisible();
  await expect(row).toBeVisible();
  await server.start();
  await expect(row).toContainText("Calculated");
  await expect(page.getByText("This page may be out of date")).toBeHidden();
});

test("a calculation that keeps killing its worker fails with a reason, and can be tried again", async ({
  page,
  server,
}) => {
  await page.goto("/");
  await submit(page, "900000000");
  const row = seenRow(page, "F(900,000,000)");
  const failed = row.getByText("Failed", { exact: true });
  const bar = row.getByRole("progressbar");
  for (let deaths = 0; deaths < 5; deaths++) {
    // The progress of the dead worker stays until its lease expires.
    await expect(bar).toBeVisible();
    const before = await bar.getAttribute("aria-valuenow");
    // The calculation lasts for seconds, so this looks more often than expect does.
    await expect(async () =>
      expect(await bar.getAttribute("aria-valuenow", { timeout: 1_000 })).not.toBe(before),
    ).toPass({ intervals: [100] });
    await server.kill();
    await server.start();
    await page.reload();
  }
  await expect(failed).toBeVisible();
  await expect(row).toContainText("5 times");
  await row.getByRole("button", { name: "Try F(900,000,000) again" }).press("Enter");
  await expect(bar).toBeVisible();
  await expect(row).toBeFocused();
  await expect(row).toContainText("Calculated");
});
