import { readFile } from "node:fs/promises";
import { calculatedValue, expect, submit, test } from "./fixtures";

test.beforeEach(({ context }) => context.grantPermissions(["clipboard-read", "clipboard-write"]));

test("what is copied from the page can be used elsewhere", async ({ page, server }) => {
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  const select = (selector: string) =>
    page.evaluate((selector) => {
      const element = document.querySelector(selector);
      if (element !== null) {
        document.getSelection()?.selectAllChildren(element);
      }
    }, selector);
  await server.submit(-30, 1_000);
  await page.goto("/values/-30");
  await expect(page.getByText(", calculated in").first()).toBeVisible();
  await select("p[data-digits]");
  await page.keyboard.press("ControlOrMeta+c");
  await expect.poll(clipboard).toBe("-832040");

  await page.goto("/values/1000");
  const viewer = page.getByRole("group", { name: "Digits of F(1,000)" });
  await expect(viewer).toContainText("228875");
  await select("[role=group][data-digits]");
  await page.keyboard.press("ControlOrMeta+c");
  await expect.poll(clipboard).toMatch(/^\d{209}$/);
});

test("the file of a negative number has its sign and its name", async ({ page }) => {
  await page.goto("/");
  await submit(page, "-8");
  await expect(calculatedValue(page, "F(−8)")).toContainText("= −21");
  await page.goto("/values/-8");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download all digits" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("F(-8).txt");
  expect(await readFile(await download.path(), "latin1")).toBe("-21");
});
