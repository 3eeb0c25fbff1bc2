import type { Page } from "@playwright/test";
import { expect, submit, test } from "./fixtures";

// With a scroll bar that takes room, which headless browsers hide.
test.use({
  launchOptions: async ({ launchOptions }, use) =>
    use({ ...launchOptions, ignoreDefaultArgs: ["--hide-scrollbars"] }),
});

/** How far the layout of the page has shifted so far without an input of the user: the CLS. */
async function layoutShift(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as (PerformanceEntry & {
            value: number;
            hadRecentInput: boolean;
          })[]) {
            sum += entry.hadRecentInput ? 0 : entry.value;
          }
        }).observe({ type: "layout-shift", buffered: true });
        setTimeout(() => resolve(sum), 500);
      }),
  );
}

/** Delays the responses of some addresses, as a slow network does, so that the page is drawn without them. */
async function delay(page: Page, addresses: RegExp, milliseconds: number) {
  await page.route(addresses, async (route) => {
    await new Promise((later) => setTimeout(later, milliseconds));
    await route.continue();
  });
}

/** Delays the responses of the API. */
function delayAPI(page: Page): Promise<void> {
  return delay(page, /\/api\/(indices|values|numbers|periods|status|estimate)/, 300);
}

const sizes = [
  { width: 1_280, height: 740 },
  { width: 412, height: 823 }, // the phone of Lighthouse
  { width: 360, height: 740 },
];

async function expectStable(page: Page, paths: string[]) {
  for (const size of sizes) {
    await page.setViewportSize(size);
    for (const path of paths) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await page.waitForTimeout(1_000); // for what comes late
      const shift = await layoutShift(page);
      console.log(`layout shift of ${path} at ${size.width} px: ${shift.toFixed(3)}`);
      expect.soft(shift, `${path} at ${size.width} px`).toBeLessThanOrEqual(0.05);
    }
  }
}

test("nothing moves while a page loads", async ({ page, server }) => {
  await delayAPI(page);
  await server.submit(570, 1_000, 100_000);
  await expect.poll(() => server.calculated()).toBe(3);
  await server.submit(...Array.from({ length: 300 }, (_, i) => i));
  await expect.poll(() => server.calculated()).toBe(200); // as many as it counts
  await expectStable(page, [
    "/",
    "/?n=1000",
    "/values/570",
    "/values/1000",
    "/values/100000",
    "/values/77777",
    `/values/${"123456789".repeat(4)}`,
    "/explore",
    "/pisano/97",
    "/pisano/1000000007",
    "/pisano/2305843009213693951",
    "/table",
    "/table?from=990&to=1000",
    "/otherpage",
  ]);
});

test("nothing moves while the first page finds that nothing was submitted yet", async ({ page }) => {
  await delayAPI(page);
  await expectStable(page, ["/"]);
});

test("nothing moves when the fonts come late", async ({ page, server }) => {
  await delay(page, /\.woff2$/, 1_000);
  await server.submit(1_000);
  await expect.poll(() => server.calculated()).toBe(1);
  await expectStable(page, ["/", "/values/1000", "/explore", "/otherpage"]);
});

test("the page does not move sideways when the scroll bar appears", async ({ page }) => {
  await page.setViewportSize({ width: 1_280, height: 2_000 });
  await page.goto("/");
  const left = () =>
    page.getByRole("heading", { level: 1 }).evaluate((heading) => heading.getBoundingClientRect().left);
  const before = await left();
  await submit(page, "1000");
  await expect(page.getByRole("region", { name: "Your number" })).toBeVisible();
  await page.setViewportSize({ width: 1_280, height: 500 });
  expect(await left()).toBe(before);
});
