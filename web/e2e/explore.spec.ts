import type { Locator, Page } from "@playwright/test";
import { expect, expectAccessible, expectNoOverflow, test } from "./fixtures";

const panel = (page: Page, name: string): Locator => page.getByRole("region", { name, exact: true });
const spiral = (page: Page) => panel(page, "It winds into a spiral");
const growth = (page: Page) => panel(page, "It grows exponentially");
const ratio = (page: Page) => panel(page, "It approaches the golden ratio");
const complete = (page: Page) => page.getByText("F(0) to F(60) are calculated.");
const firstTerms = Array.from({ length: 61 }, (_, i) => i);

test("missing numbers are named, and one key calculates and draws them without a reload", async ({
  page,
}) => {
  await page.goto("/explore");
  await expect(page).toHaveTitle("Explore · Pisano");
  await expect(page.getByText("None of F(0) to F(60) is calculated yet")).toBeVisible();
  await expect(spiral(page)).toContainText("The spiral appears once F(1) is calculated.");

  await page.getByRole("button", { name: "Calculate F(0) to F(60)" }).focus();
  await page.keyboard.press("Enter");

  await expect(complete(page)).toBeFocused();
  await expect(spiral(page).getByRole("img", { name: /^10 squares/ })).toBeVisible();
  await expect(growth(page).locator("canvas")).toBeVisible();
  await expect(growth(page)).toContainText("The largest so far, F(60), has 13 digits");
  await expect(ratio(page).locator("canvas")).toBeVisible();
  await expect(ratio(page)).toContainText("F(60) / F(59) agrees with φ to 24 decimal places.");

  await page.reload();
  await expect(complete(page)).toBeVisible();
});

test("the spiral grows by the arrow keys", async ({ page, server }) => {
  await server.submit(...firstTerms);
  await page.goto("/explore");
  await expect(complete(page)).toBeVisible();
  const slider = page.getByRole("slider", { name: "Squares: 10" });
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  await expect(spiral(page).getByRole("img", { name: /^11 squares/ })).toBeVisible();
  await expect(spiral(page)).toContainText(
    "F(11) = 89. The 11 squares together form a rectangle of 144 by 89.",
  );
  // The end of the slider is the last number calculated so far.
  await expect(async () => {
    await page.keyboard.press("End");
    await expect(spiral(page)).toContainText("F(30) = 832,040.", { timeout: 1_000 });
  }).toPass();
  await page.keyboard.press("Home");
  await expect(spiral(page).getByRole("img", { name: /^A square/ })).toBeVisible();
  await spiral(page).getByRole("link", { name: "F(1)" }).click();
  await expect(page).toHaveURL("/values/1");
});

test("the charts have their numbers as tables with links to the values", async ({ page, server }) => {
  await server.submit(...firstTerms, 1_000, -100_000);
  await page.goto("/explore");
  await expect(growth(page)).toContainText("The largest so far, F(−100,000), has 20,899 digits");
  await growth(page).getByText("Show the numbers").click();
  const row = growth(page).getByRole("row", { name: "F(1,000) 209" });
  await expect(row).toBeVisible();
  await ratio(page).getByText("Show the numbers").click();
  await expect(ratio(page).getByRole("row", { name: "F(10) 1.6181818181818181818181818" })).toBeVisible();
  await row.getByRole("link", { name: "F(1,000)" }).click();
  await expect(page).toHaveURL("/values/1000");
});

test("a value calculated elsewhere is drawn without a reload", async ({ page, server }) => {
  await server.submit(...firstTerms);
  await page.goto("/explore");
  await expect(growth(page)).toContainText("The largest so far, F(60),");
  await server.submit(5_000);
  await expect(growth(page)).toContainText("The largest so far, F(5,000),");
});

test("the charts stay while the server is down, and continue when it is back", async ({ page, server }) => {
  await server.submit(...firstTerms.slice(0, 40));
  await page.goto("/explore");
  await expect(page.getByText("Missing: F(40) to F(60).")).toBeVisible();
  await server.stop();
  await expect(page.getByText("This page may be out of date")).toBeVisible();
  await expect(spiral(page).getByRole("img")).toBeVisible();
  await page.getByRole("button", { name: "Calculate F(0) to F(60)" }).click();
  await expect(page.getByRole("alert")).toContainText("Pisano is not responding.");

  await server.start();
  await expect(page.getByText("This page may be out of date")).toBeHidden({ timeout: 15_000 });
  await page.getByRole("button", { name: "Calculate F(0) to F(60)" }).click();
  await expect(complete(page)).toBeVisible();
});

test("at 360 px nothing overflows", async ({ page, server }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await server.submit(...firstTerms, 1_000_000);
  await page.goto("/explore");
  await expect(growth(page)).toContainText("F(1,000,000)");
  await ratio(page).getByText("Show the numbers").click();
  await expect(ratio(page).getByRole("table")).toBeVisible();
  await expect(growth(page).locator("canvas")).toBeVisible();
  await expectNoOverflow(page);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`it is accessible, empty and full, ${colorScheme}`, async ({ page, server }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto("/explore");
    await expect(page.getByText("None of F(0) to F(60) is calculated yet")).toBeVisible();
    await expectAccessible(page);
    await server.submit(...firstTerms);
    await expect(complete(page)).toBeVisible();
    await growth(page).getByText("Show the numbers").click();
    await expect(growth(page).getByRole("table")).toBeVisible();
    await expect(growth(page).locator("canvas")).toBeVisible();
    await expectAccessible(page);
  });
}
