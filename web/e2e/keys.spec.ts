import { expect, expectAccessible, expectNoOverflow, field, submit, test } from "./fixtures";

const help = { name: "Keys" };

test("j and k go to the neighbours of a number, and / to the field", async ({ page }) => {
  await page.goto("/values/10");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("F(10)");
  await page.keyboard.press("j");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("F(11)");
  await page.keyboard.press("k");
  await page.keyboard.press("k");
  await expect(page).toHaveURL("/values/9");
  await page.keyboard.press("/"); // the page of the address need not be drawn yet
  await expect(field(page)).toBeFocused();
  await expect(field(page)).toHaveValue("");
  await page.goBack();
  await expect(page).toHaveURL("/values/10");
});

test("/ leads to the field of the first page from a page without one", async ({ page }) => {
  await page.goto("/explore");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("/");
  await expect(page).toHaveURL("/");
  await expect(field(page)).toBeFocused();
  await page.goto("/table");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("j");
  await expect(page).toHaveURL(/\/table/);
});

test("while something is typed, keys are text", async ({ page }) => {
  await page.goto("/values/10");
  await field(page).pressSequentially("j/k?");
  await expect(field(page)).toHaveValue("j/k?");
  await expect(page).toHaveURL("/values/10");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`? lists the keys, which can be turned off, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto("/values/10");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("F(10)");
    await page.keyboard.press("?");
    const dialog = page.getByRole("dialog", help);
    await expect(dialog).toContainText("go to the next one");
    await expectAccessible(page);
    await expectNoOverflow(page);
    await page.keyboard.press("j");
    await dialog.getByRole("checkbox", { name: "Use these keys" }).uncheck();
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
    await page.keyboard.press("j");
    await page.keyboard.press("?");
    await page.reload();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("F(10)");
    await page.keyboard.press("j");

    // The footer shows them too, so that they can be turned on again.
    await page.getByRole("contentinfo").getByRole("button", help).click();
    await dialog.getByRole("checkbox", { name: "Use these keys" }).check();
    await dialog.getByRole("button", { name: "Close" }).click();
    await expect(page.getByRole("contentinfo").getByRole("button", help)).toBeFocused();
    await expect(page).toHaveURL("/values/10");
    await page.keyboard.press("j");
    await expect(page).toHaveURL("/values/11");
  });
}

test("the numbers of this browser are beside those of all, over a reload, until they are cleared", async ({
  page,
  server,
}) => {
  await server.submit(77);
  await page.goto("/");
  const own = page.getByRole("region", { name: "Numbers you asked for" });
  await expect(page.getByRole("region", { name: "Values I have seen" })).toContainText("F(77)");
  await expect(own).toHaveCount(0);
  await submit(page, "10");
  await expect(own).toContainText("Only this browser remembers them.");
  await submit(page, "-8");
  await expect(own.getByRole("link")).toHaveText(["F(−8)", "F(10)"]);
  await page.reload();
  await expect(own.getByRole("link")).toHaveText(["F(−8)", "F(10)"]);

  // Another window of the browser follows.
  const other = await page.context().newPage();
  await other.goto("/");
  await submit(other, "20");
  await expect(own.getByRole("link").first()).toHaveText("F(20)");
  await own.getByRole("button", { name: "Clear" }).press("Enter");
  await expect(own).toHaveCount(0);
  await expect(other.getByRole("region", { name: "Numbers you asked for" })).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole("region", { name: "Values I have seen" })).toContainText("F(10)");
  await expect(own).toHaveCount(0);
});
