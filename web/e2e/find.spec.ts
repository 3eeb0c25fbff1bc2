import type { Locator, Page } from "@playwright/test";
import { expect, expectAccessible, expectNoOverflow, test } from "./fixtures";
import type { Server } from "./server";

const findField = (page: Page): Locator => page.getByRole("textbox", { name: "Digits to find" });
const panel = (page: Page): Locator => page.getByRole("region", { name: "Find digits" });
const result = (page: Page): Locator => panel(page).getByRole("status");
const positions = (page: Page, digits: string): Locator =>
  page.getByRole("list", { name: `Positions of ${digits}` }).getByRole("link");

async function find(page: Page, text: string): Promise<void> {
  await findField(page).fill(text);
  await findField(page).press("Enter");
}

/** The positions of digits in a value, counted from 1, by looking at each one. */
async function positionsIn(server: Server, index: number, wanted: string): Promise<number[]> {
  const digits = await (await fetch(`${server.url}/api/values/${index}/digits`)).text();
  const found: number[] = [];
  for (let at = digits.indexOf(wanted); at >= 0; at = digits.indexOf(wanted, at + 1)) {
    found.push(at + 1);
  }
  return found;
}

const withCommas = (n: number): string => n.toLocaleString("en");

test("digits are found in a number, each can be visited, and a link repeats the search", async ({
  page,
  server,
}) => {
  await server.submit(100_000);
  await page.goto("/values/100000");
  await find(page, "9.9.9");
  const all = await positionsIn(server, 100_000, "999");
  expect(all.length).toBeGreaterThan(5);
  await expect(result(page)).toContainText(`999 occurs ${all.length} times in F(100,000).`);
  await expect(positions(page, "999")).toHaveText(all.map(withCommas));
  await expect(page).toHaveURL(/\/values\/100000\?find=999$/);
  await expect(findField(page)).toBeFocused();

  // By keyboard to the third.
  const third = positions(page, "999").nth(2);
  for (let tabs = 0; !(await third.evaluate((link) => link === document.activeElement)); tabs++) {
    expect(tabs).toBeLessThan(10);
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  const at = all[2] ?? 0;
  const visited = page.getByText(`Digits ${withCommas(at)} to ${withCommas(at + 2)} are 999.`);
  await expect(visited).toBeVisible();
  await expect(third).toHaveAttribute("aria-current", "true");
  const marks = page.locator("mark");
  await expect.poll(async () => (await marks.allTextContents()).join("")).toBe("999");
  await expect(marks.first()).toBeInViewport();
  await expect(page).toHaveURL(new RegExp(`\\?find=999&digit=${at}$`));

  // Another digit keeps the search; another search begins without a digit.
  await page.reload();
  await expect(visited).toBeVisible();
  await expect(positions(page, "999")).toHaveCount(all.length);
  await page.getByRole("textbox", { name: "Go to digit" }).fill("7");
  await page.getByRole("textbox", { name: "Go to digit" }).press("Enter");
  await expect(page).toHaveURL(/\?find=999&digit=7$/);
  await find(page, "31129931129931");
  await expect(result(page)).toContainText("31129931129931 does not occur in F(100,000).");
  await expect(page).toHaveURL(/\?find=31129931129931$/);
});

test("what is not digits is explained, in the field and in an address", async ({ page, server }) => {
  await server.submit(1_000);
  await page.goto("/values/1000?find=birthday");
  const error = panel(page).getByRole("alert");
  await expect(error).toHaveText("Enter the digits to find, such as 311299.");
  await findField(page).fill("43466557");
  await expect(error).toHaveCount(0);
  await findField(page).press("Enter");
  await expect(result(page)).toContainText("43466557 occurs once in F(1,000), at digit 1.");
});

test("a link finds digits in a short number, too", async ({ page, server }) => {
  await server.submit(-8, 93);
  await page.goto("/values/93?find=12");
  await expect(positions(page, "12")).toHaveText(["1", "12"]);
  await page.goto("/values/-8?find=2");
  await expect(result(page)).toContainText("2 occurs once in F(−8), at digit 1.");
});

test("20 million digits are searched, and of many positions the first are listed", async ({
  page,
  server,
}) => {
  await server.submit(100_000_000);
  await page.goto("/values/100000000?find=311299");
  await expect(result(page)).toContainText("311299 occurs");
  const all = await positionsIn(server, 100_000_000, "311299");
  await expect(positions(page, "311299")).toHaveText(all.map(withCommas));
  await expect(result(page)).toContainText("As many random digits would have it about 21 times.");
  const last = all.at(-1) ?? 0;
  await positions(page, "311299").last().click();
  await expect(
    page.getByText(`Digits ${withCommas(last)} to ${withCommas(last + 5)} are 311299.`),
  ).toBeVisible();

  await find(page, "0");
  const zeros = await positionsIn(server, 100_000_000, "0");
  await expect(result(page)).toContainText(`0 occurs ${withCommas(zeros.length)} times`);
  await expect(page.getByText("The first 100 positions:")).toBeVisible();
  await expect(positions(page, "0")).toHaveText(zeros.slice(0, 100).map(withCommas));
});

test("a search can be cancelled, which ends its worker", async ({ page, server }) => {
  await server.submit(100_000);
  await page.goto("/values/100000");
  await expect(page.getByRole("table", { name: "Digits of F(100,000)" })).toBeVisible();
  // Held until the search is cancelled.
  await page.context().route("**/api/values/100000/digits", () => undefined);
  const started = page.waitForEvent("worker");
  await find(page, "311299");
  const ended = (await started).waitForEvent("close");
  await expect(panel(page).getByText("Searching… 0%")).toBeVisible();
  await expect(page.getByRole("progressbar", { name: "Searching the digits" })).toHaveCount(1);
  await panel(page).getByRole("button", { name: "Cancel" }).press("Enter");
  await ended;
  await expect(page.getByRole("progressbar", { name: "Searching the digits" })).toHaveCount(0);
  await expect(findField(page)).toBeFocused();
  await expect(page).toHaveURL(/\/values\/100000$/);
});

test("a search that ends while Cancel has the focus leaves it in the panel", async ({ page, server }) => {
  await server.submit(100_000);
  await page.goto("/values/100000");
  await expect(page.getByRole("table", { name: "Digits of F(100,000)" })).toBeVisible();
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.context().route("**/api/values/100000/digits", async (route) => {
    await released;
    await route.continue();
  });
  await find(page, "43");
  await panel(page).getByRole("button", { name: "Cancel" }).focus();
  release();
  await expect(result(page)).toContainText("43 occurs");
  await expect(panel(page)).toBeFocused();
});

test("a search that the server does not answer can be repeated", async ({ page, server }) => {
  await server.submit(100_000);
  await page.goto("/values/100000");
  await expect(page.getByRole("table", { name: "Digits of F(100,000)" })).toBeVisible();
  await server.stop();
  await find(page, "43");
  await expect(panel(page).getByRole("alert")).toContainText("Pisano is not responding.");
  await server.start();
  await panel(page).getByRole("button", { name: "Try again" }).click();
  await expect(result(page)).toContainText("43 occurs");
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`it is accessible and nothing overflows at 360 px, ${colorScheme}`, async ({ page, server }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 360, height: 740 });
    await server.submit(100_000);
    for (const search of ["?find=7&digit=2", `?find=${"9".repeat(100)}`, "?find=birthday"]) {
      await page.goto(`/values/100000${search}`);
      await expect(
        panel(page)
          .getByText(/occur|such as/)
          .last(),
      ).toBeVisible();
      await expectNoOverflow(page);
      await expectAccessible(page);
    }
  });
}
