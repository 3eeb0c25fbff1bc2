import type { Locator, Page } from "@playwright/test";
import { expect, expectAccessible, expectNoOverflow, test, watchTexts } from "./fixtures";
import { Server } from "./server";

const part = (page: Page, name: string): Locator =>
  page
    .getByRole("list", { name: "Parts of the system" })
    .getByRole("listitem")
    .filter({ has: page.getByRole("heading", { name, exact: true }) });

const log = (page: Page): Locator => page.getByRole("region", { name: "Activity", exact: true });
const send = (page: Page): Locator => page.getByRole("button", { name: "Submit a random index" });

const behindTheBrowser = ["Front door", "API", "Index store", "Work queue", "Worker", "Value cache"];

test("each part shows its software and that it works", async ({ page }) => {
  await page.goto("/otherpage");
  await expect(part(page, "Your browser")).toContainText("Connected");
  for (const name of behindTheBrowser) {
    await expect(part(page, name)).toContainText("Working");
  }
  for (const name of ["Index store", "Work queue", "Value cache"]) {
    await expect(part(page, name)).toContainText("SQLite");
  }
  await expect(page.getByText("Here everything behind your browser is one program")).toBeVisible();
});

test("a submitted index passes through every part and comes back, and the log links to its page", async ({
  page,
}) => {
  await page.goto("/otherpage");
  await expect(part(page, "Your browser")).toContainText("Connected");
  await expect(log(page)).toContainText("Nothing yet.");
  const token = page.locator("[data-token]");
  // The token moves for a moment only, so the page itself watches for it.
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

  // The token was seen, and is gone when it has arrived.
  await expect.poll(() => page.evaluate(() => "tokenSeen" in window)).toBe(true);
  await expect(log(page).getByRole("listitem").first()).toContainText("is ready");
  const term = (await log(page).getByRole("link").first().textContent()) ?? "";
  expect(term).toMatch(/^F\(\d{1,2},\d{3}\)$/);
  await expect(part(page, "API")).toContainText(term);
  await expect(part(page, "Index store")).toContainText(`Marked ${term} as calculated`);
  await expect(part(page, "Work queue")).toContainText(`Handed ${term} to a worker`);
  await expect(part(page, "Worker")).toContainText(`Calculated and checked ${term}`);
  await expect(part(page, "Value cache")).toContainText(`Stored ${term}`);
  await expect(page.getByRole("status").filter({ hasText: `${term} is ready.` })).toBeAttached();
  await expect(token).toHaveCount(0);

  await log(page).getByRole("link").first().click();
  await expect(page).toHaveURL(`/values/${term.replace(/\D/g, "")}`);
});

test("it says whose submission it was, how long it waited, and replays its path", async ({
  page,
  server,
}) => {
  await page.goto("/otherpage");
  await expect(part(page, "Your browser")).toContainText("Connected");
  await server.submit(1_234);
  await expect(log(page)).toContainText("F(1,234) was submitted elsewhere.");
  await expect(log(page)).toContainText("F(1,234) is ready.");
  await send(page).click();
  await expect(log(page)).toContainText("was submitted on this page.");
  await expect(log(page).getByText("is ready.")).toHaveCount(2);

  const minute = page.getByRole("region", { name: "The last minute" });
  await expect(minute).toContainText(/Submitted2 in a minute, at most [12] a second/);
  await expect(minute.getByRole("term")).toHaveText(["Median wait (p50)", "95th percentile (p95)"]);
  await expect(minute).toContainText("of the last 2 calculations.");
  await expect(minute.getByRole("definition").first()).toHaveText(/^[\d.]+ (µs|ms|s)$/);

  await log(page).getByRole("button", { name: "Replay the path of F(1,234)" }).click();
  const replay = page.getByRole("region", { name: "The path of F(1,234)" });
  await expect(replay).toContainText(
    /In reality it took [\d.,]+ (µs|ms|s)(: this is [\d.,]+ times (slower|faster))?\./,
  );
  const moments = replay.getByRole("listitem");
  await expect(moments).toHaveText([
    "0 µs F(1,234) is submitted elsewhere and recorded.",
    /^.+ Worker .{5} takes it\.$/,
    /^.+ Its value is stored, and every open page is told\.$/,
  ]);
  await expect(moments.last()).toHaveAttribute("data-passed", "true");
});

test("reduced motion shows the activity without tokens", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto("/otherpage");
  await expect(part(page, "Your browser")).toContainText("Connected");
  await send(page).click();
  await expect(part(page, "Value cache")).toContainText("Stored F(");
  expect(await page.locator("[data-token]").count()).toBe(0);
});

test.describe("where large indices are accepted", () => {
  test.use({ settings: { PISANO_MAX_INDEX: "1000000000", PISANO_CONCURRENCY: "1", GOMAXPROCS: "1" } });

  test("a long calculation shows its progress at the worker", async ({ page, server }) => {
    await page.goto("/otherpage");
    await expect(part(page, "Your browser")).toContainText("Connected");
    const texts = await watchTexts(page, "li");
    await server.submit(900_000_000);
    await expect
      .poll(texts)
      .toContainEqual(expect.stringMatching(/Calculating F\(900,000,000\): [1-9]\d?% done/));
    await expect.poll(texts).toContainEqual(expect.stringContaining("is being calculated"));
    await expect(part(page, "Value cache")).toContainText("Stored F(900,000,000)");
  });

  test("a worker that is killed is missed, and its index goes to another", async ({
    page,
    server,
    settings,
  }) => {
    await page.goto("/otherpage");
    const workers = page.getByRole("region", { name: "Workers" }).locator("tbody tr");
    await expect(workers).toHaveCount(1);
    const other = await Server.create({ ...settings, PISANO_DATA: server.dataFile });
    try {
      await expect(workers).toHaveCount(2);
      // One for each worker, and some that wait.
      await server.submit(900_000_001, 900_000_002, 900_000_003, 900_000_004);
      await expect(log(page).getByText("is being calculated")).toHaveCount(2);
      const rows = await watchTexts(page, "tbody tr");
      await other.kill();
      await expect.poll(rows).toContainEqual(expect.stringContaining("missed"));
      await expect(workers.filter({ hasText: "gone" }).first()).toBeVisible();
      await expect(log(page)).toContainText(/Worker .{5} is gone\./);
      await expect(log(page)).toContainText(
        /F\(900,000,00[1-4]\) goes to worker .{5}, because the lease of worker .{5} has expired\./,
      );
    } finally {
      await other.remove();
    }
  });
});

test("the diagram shows that the server is down, keeps what it has, and recovers", async ({
  page,
  server,
}) => {
  await page.goto("/otherpage");
  await expect(part(page, "Your browser")).toContainText("Connected");
  await send(page).click();
  await expect(part(page, "Value cache")).toContainText("Stored F(");

  await server.stop();
  await expect(part(page, "Your browser")).toContainText("Disconnected");
  await expect(part(page, "Front door")).toContainText("Not responding");
  await expect(part(page, "API")).toContainText("Not responding");
  await expect(part(page, "Index store")).toContainText("Unknown");
  await expect(part(page, "Index store")).toContainText("SQLite");
  await expect(part(page, "Value cache")).toContainText("Stored F(");
  const worker = page.getByRole("region", { name: "Workers" }).locator("tbody tr");
  await expect(worker).toHaveText(/unknown, last seen \d+ s ago$/);
  await send(page).click();
  await expect(page.getByRole("alert")).toContainText("Pisano is not responding.");

  await server.start();
  // Events are heard again from then on, and those before are not repeated.
  await expect(part(page, "Your browser")).toContainText("Connected");
  for (const name of behindTheBrowser) {
    await expect(part(page, name)).toContainText("Working");
  }
  await server.submit(77);
  await expect(part(page, "Value cache")).toContainText("Stored F(77)");
});

test("at 360 px the parts are in one column and nothing overflows", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto("/otherpage");
  await expect(part(page, "Your browser")).toContainText("Connected");
  await send(page).click();
  await expect(part(page, "Value cache")).toContainText("Stored F(");
  const tops: number[] = [];
  for (const name of [
    "Your browser",
    "Front door",
    "API",
    "Index store",
    "Work queue",
    "Worker",
    "Value cache",
  ]) {
    tops.push((await part(page, name).boundingBox())?.y ?? -1);
  }
  expect(tops).toEqual([...new Set(tops)].sort((a, b) => a - b));
  await expectNoOverflow(page);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`it is accessible with parts up and down, ${colorScheme}`, async ({ page, server }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.goto("/otherpage");
    await expect(part(page, "Your browser")).toContainText("Connected");
    await send(page).click();
    await expect(part(page, "Value cache")).toContainText("Stored F(");
    await log(page)
      .getByRole("button", { name: /^Replay/ })
      .click();
    await expect(page.getByRole("region", { name: "Workers" })).toBeVisible();
    await expectAccessible(page);
    await server.stop();
    await expect(part(page, "API")).toContainText("Not responding");
    await expectAccessible(page);
  });
}
