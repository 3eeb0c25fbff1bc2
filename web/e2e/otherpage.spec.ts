import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./fixtures";

const part = (page: Page, name: string): Locator =>
  page
    .getByRole("list", { name: "The parts that an index passes" })
    .getByRole("listitem")
    .filter({ has: page.getByRole("heading", { name, exact: true }) });

const log = (page: Page): Locator => page.getByRole("region", { name: "What happens" });
const send = (page: Page): Locator => page.getByRole("button", { name: "Send an index along" });

const behindTheBrowser = ["Front door", "API", "Record", "Queue", "Worker", "Values"];

test("each part says what it is made of and that it works", async ({ page }) => {
  await page.goto("/otherpage");
  await expect(part(page, "Your browser")).toContainText("Live");
  for (const name of behindTheBrowser) {
    await expect(part(page, name)).toContainText("Works");
  }
  for (const name of ["Record", "Queue", "Values"]) {
    await expect(part(page, name)).toContainText("SQLite");
  }
  await expect(page.getByText("Here everything but the browser is one program")).toBeVisible();
});

test("an index that is sent along passes every part and comes back, and the log leads to its page", async ({
  page,
}) => {
  await page.goto("/otherpage");
  await expect(log(page)).toContainText("Nothing since you came.");
  const token = page.locator("[data-token]");
  // On its way for a moment only: the page itself keeps watch.
  await page.evaluate(() => {
    const watch = new MutationObserver(() => {
      const box = document.querySelector("[data-token]")?.getBoundingClientRect();
      if (box !== undefined && box.width > 0 && box.height > 0) {
        Object.assign(window, { tokenSeen: true });
      }
    });
    watch.observe(document.body, { childList: true, subtree: true, attributes: true });
  });
  await send(page).focus();
  await page.keyboard.press("Enter");

  // Seen on its way, and gone when it has arrived.
  await expect.poll(() => page.evaluate(() => "tokenSeen" in window)).toBe(true);
  await expect(log(page).getByRole("listitem").first()).toContainText("is calculated");
  const term = (await log(page).getByRole("link").first().textContent()) ?? "";
  expect(term).toMatch(/^F\(\d{1,2},\d{3}\)$/);
  await expect(part(page, "API")).toContainText(term);
  await expect(part(page, "Record")).toContainText(`Marked ${term} as calculated`);
  await expect(part(page, "Queue")).toContainText(`Gave ${term} to a worker`);
  await expect(part(page, "Worker")).toContainText(`Calculated and checked ${term}`);
  await expect(part(page, "Values")).toContainText(`Put ${term} in store`);
  await expect(page.getByRole("status").filter({ hasText: `${term} is calculated.` })).toBeAttached();
  await expect(token).toHaveCount(0);

  await log(page).getByRole("link").first().click();
  await expect(page).toHaveURL(`/values/${term.replace(/\D/g, "")}`);
});

test("who wants no motion sees what happens without any", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto("/otherpage");
  await expect(part(page, "Your browser")).toContainText("Live");
  await send(page).click();
  await expect(part(page, "Values")).toContainText("in store");
  expect(await page.locator("[data-token]").count()).toBe(0);
});

test.describe("where large indices are accepted", () => {
  test.use({ settings: { PISANO_MAX_INDEX: "1000000000" } });

  test("a long calculation is seen at the worker while it lasts, and in the queue", async ({
    page,
    server,
  }) => {
    await page.goto("/otherpage");
    await expect(part(page, "Your browser")).toContainText("Live");
    await server.submit(200_000_000);
    await expect(part(page, "Worker")).toContainText(/Calculates F\(200,000,000\): [1-9]\d?% done/);
    await expect(log(page).getByRole("listitem").first()).toContainText("is being calculated");
    await expect(part(page, "Values")).toContainText("Put F(200,000,000) in store");
  });
});

test("while the server is away the picture says so, keeps what it has, and recovers by itself", async ({
  page,
  server,
}) => {
  await page.goto("/otherpage");
  await send(page).click();
  await expect(part(page, "Values")).toContainText("in store");

  await server.stop();
  await expect(part(page, "Your browser")).toContainText("Not live");
  await expect(part(page, "Front door")).toContainText("Does not answer");
  await expect(part(page, "API")).toContainText("Does not answer");
  await expect(part(page, "Record")).toContainText("Not known");
  await expect(part(page, "Record")).toContainText("SQLite");
  await expect(part(page, "Values")).toContainText("in store");
  await send(page).click();
  await expect(page.getByRole("alert")).toContainText("Pisano does not answer just now.");

  await server.start();
  for (const name of behindTheBrowser) {
    await expect(part(page, name)).toContainText("Works");
  }
  await server.submit(77);
  await expect(part(page, "Values")).toContainText("Put F(77) in store");
});

test("at 360 px the parts stand below each other and nothing sticks out", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto("/otherpage");
  await send(page).click();
  await expect(part(page, "Values")).toContainText("in store");
  const tops: number[] = [];
  for (const name of ["Your browser", "Front door", "API", "Record", "Queue", "Worker", "Values"]) {
    tops.push((await part(page, name).boundingBox())?.y ?? -1);
  }
  expect(tops).toEqual([...new Set(tops)].sort((a, b) => a - b));
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(excess).toBe(0);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing wrong with parts at work and away, ${colorScheme}`, async ({ page, server }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.goto("/otherpage");
    await send(page).click();
    await expect(part(page, "Values")).toContainText("in store");
    const check = async () => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    };
    await check();
    await server.stop();
    await expect(part(page, "API")).toContainText("Does not answer");
    await check();
  });
}
