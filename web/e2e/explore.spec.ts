import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./fixtures";

const card = (page: Page, name: string): Locator => page.getByRole("region", { name, exact: true });
const spiral = (page: Page) => card(page, "It winds into a spiral");
const growth = (page: Page) => card(page, "It grows by a factor");
const ratio = (page: Page) => card(page, "It comes to the golden ratio");
const complete = (page: Page) => page.getByText("F(0) to F(60) are calculated.");
const firstTerms = Array.from({ length: 61 }, (_, i) => i);

test("what is not calculated is named, and one key has it calculated and drawn without a reload", async ({
  page,
}) => {
  await page.goto("/explore");
  await expect(page).toHaveTitle("Explore · Pisano");
  await expect(page.getByText("None of F(0) to F(60) is calculated yet")).toBeVisible();
  await expect(spiral(page)).toContainText("The picture begins when F(1) is calculated.");

  await page.getByRole("button", { name: "Calculate F(0) to F(60)" }).focus();
  await page.keyboard.press("Enter");

  await expect(complete(page)).toBeFocused();
  await expect(spiral(page).getByRole("img", { name: /^10 squares/ })).toBeVisible();
  await expect(growth(page).locator("canvas")).toBeVisible();
  await expect(growth(page)).toContainText("The furthest here, F(60), has 13 digits");
  await expect(ratio(page).locator("canvas")).toBeVisible();
  await expect(ratio(page)).toContainText("F(60) / F(59) has the first 24 decimals of φ.");

  await page.reload();
  await expect(complete(page)).toBeVisible();
});

test("the spiral grows by the arrow keys, with the numbers that are there", async ({ page, server }) => {
  await server.submit(...firstTerms);
  await page.goto("/explore");
  await expect(complete(page)).toBeVisible();
  const slider = page.getByRole("slider", { name: "Squares: 10" });
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  await expect(spiral(page).getByRole("img", { name: /^11 squares/ })).toBeVisible();
  await expect(spiral(page)).toContainText("F(11) = 89. All 11 fill a rectangle of 144 by 89.");
  // The end is as far as the numbers go that are there by now.
  await expect(async () => {
    await page.keyboard.press("End");
    await expect(spiral(page)).toContainText("F(30) = 832,040.", { timeout: 1_000 });
  }).toPass();
  await page.keyboard.press("Home");
  await expect(spiral(page).getByRole("img", { name: /^A square/ })).toBeVisible();
  await spiral(page).getByRole("link", { name: "F(1)" }).click();
  await expect(page).toHaveURL("/values/1");
});

test("the plots have their numbers as tables, and these lead to the values", async ({ page, server }) => {
  await server.submit(...firstTerms, 1_000, -100_000);
  await page.goto("/explore");
  await expect(growth(page)).toContainText("The furthest here, F(−100,000), has 20,899 digits");
  await growth(page).getByText("The numbers").click();
  const row = growth(page).getByRole("row", { name: "F(1,000) 209" });
  await expect(row).toBeVisible();
  await ratio(page).getByText("The numbers").click();
  await expect(ratio(page).getByRole("row", { name: "F(10) 1.6181818181818181818181818" })).toBeVisible();
  await row.getByRole("link", { name: "F(1,000)" }).click();
  await expect(page).toHaveURL("/values/1000");
});

test("a value calculated meanwhile is drawn by itself", async ({ page, server }) => {
  await server.submit(...firstTerms);
  await page.goto("/explore");
  await expect(growth(page)).toContainText("The furthest here, F(60),");
  await server.submit(5_000);
  await expect(growth(page)).toContainText("The furthest here, F(5,000),");
});

test("while the server is away the pictures stay, and then they go on", async ({ page, server }) => {
  await server.submit(...firstTerms.slice(0, 40));
  await page.goto("/explore");
  await expect(page.getByText("Not yet: F(40) to F(60).")).toBeVisible();
  await server.stop();
  await expect(page.getByText("Live updates have stopped")).toBeVisible();
  await expect(spiral(page).getByRole("img")).toBeVisible();
  await page.getByRole("button", { name: "Calculate F(0) to F(60)" }).click();
  await expect(page.getByRole("alert")).toContainText("Pisano does not answer just now.");

  await server.start();
  await expect(page.getByText("Live updates have stopped")).toBeHidden({ timeout: 15_000 });
  await page.getByRole("button", { name: "Calculate F(0) to F(60)" }).click();
  await expect(complete(page)).toBeVisible();
});

test("at 360 px nothing sticks out", async ({ page, server }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await server.submit(...firstTerms, 1_000_000);
  await page.goto("/explore");
  await expect(growth(page)).toContainText("F(1,000,000)");
  await ratio(page).getByText("The numbers").click();
  await expect(ratio(page).getByRole("table")).toBeVisible();
  await expect(growth(page).locator("canvas")).toBeVisible();
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(excess).toBe(0);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing wrong, empty and full, ${colorScheme}`, async ({ page, server }) => {
    await page.emulateMedia({ colorScheme });
    const check = async () => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    };
    await page.goto("/explore");
    await expect(page.getByText("None of F(0) to F(60) is calculated yet")).toBeVisible();
    await check();
    await server.submit(...firstTerms);
    await expect(complete(page)).toBeVisible();
    await growth(page).getByText("The numbers").click();
    await expect(growth(page).getByRole("table")).toBeVisible();
    await expect(growth(page).locator("canvas")).toBeVisible();
    await check();
  });
}
