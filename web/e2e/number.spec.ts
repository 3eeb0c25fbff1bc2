import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import {
  calculatedValue,
  expect,
  expectAccessible,
  expectNoOverflow,
  field,
  submit,
  test,
  watchTexts,
} from "./fixtures";
import type { Server } from "./server";

const viewer = (page: Page, term: string): Locator => page.getByRole("group", { name: `Digits of ${term}` });
const jumpField = (page: Page): Locator => page.getByRole("textbox", { name: "Go to digit" });
const heading = (page: Page, name: string): Locator =>
  page.getByRole("heading", { level: 1, name, exact: true });

async function jump(page: Page, text: string): Promise<void> {
  await jumpField(page).fill(text);
  await jumpField(page).press("Enter");
}

/** The digits that the API returns from a position on, counted from 1. */
async function digitsFrom(server: Server, index: number, position: number, count: number): Promise<string> {
  const range = `bytes=${position - 1}-${position + count - 2}`;
  const response = await fetch(`${server.url}/api/values/${index}/digits`, { headers: { Range: range } });
  expect(response.status).toBe(206);
  return response.text();
}

/** The rows that are completely visible, with their positions. */
async function rowsIn(view: Locator): Promise<{ position: number; digits: string }[]> {
  return view.evaluate((box) => {
    const { top, bottom } = box.getBoundingClientRect();
    return Array.from(box.querySelectorAll("[class*=row]:not([class*=rows], [data-sample])"))
      .filter((row) => {
        const place = row.getBoundingClientRect();
        return place.top >= top - 1 && place.bottom <= bottom + 1;
      })
      .map(({ children: [position, digits] }) => ({
        position: Number(position?.textContent?.replaceAll(",", "")),
        digits: digits?.textContent ?? "",
      }));
  });
}

/** Waits until all visible rows have their digits, checks them against the API, and returns the first position. */
async function expectTrueDigits(view: Locator, server: Server, index: number): Promise<number> {
  let rows: Awaited<ReturnType<typeof rowsIn>> = [];
  await expect(async () => {
    rows = await rowsIn(view);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(({ digits }) => digits !== "")).toBe(true);
  }).toPass({ intervals: [50, 100, 200] });
  const first = rows[0]?.position ?? 0;
  const shown = rows.map(({ digits }) => digits).join("");
  expect(shown).toBe(await digitsFrom(server, index, first, shown.length));
  return first;
}

test("links lead from the list to a number and to one of its digits, and back and forward work", async ({
  page,
  server,
}) => {
  await page.goto("/");
  await submit(page, "100000");
  await calculatedValue(page, "F(100,000)").getByRole("link", { name: "F(100,000)", exact: true }).click();
  await expect(heading(page, "F(100,000)")).toBeFocused();
  await expect(page).toHaveTitle("F(100,000): 20,899 digits, 25974069… · Pisano");
  const facts = page.getByRole("main");
  await expect(facts).toContainText("20,899");
  await expect(facts).toContainText(await digitsFrom(server, 100_000, 1, 50));
  await expect(facts).toContainText(await digitsFrom(server, 100_000, 20_850, 50));

  await jump(page, "12,345");
  const found = page.getByText("Digit 12,345 is");
  const digit = await digitsFrom(server, 100_000, 12_345, 1);
  await expect(found).toHaveText(`Digit 12,345 is ${digit}.`);
  await expect(page.locator("mark")).toHaveText(digit);
  await expect(page.locator("mark")).toBeInViewport();
  await expect(jumpField(page)).toBeFocused();
  await expect(page).toHaveURL(/\/values\/100000\?digit=12345$/);

  await page.reload();
  await expect(found).toBeVisible();
  await expect(page.locator("mark")).toBeInViewport();

  await page.goBack();
  await expect(field(page)).toBeVisible();
  await page.goForward();
  await expect(found).toBeVisible();
  await expect(page.locator("mark")).toBeInViewport();
});

test("an invalid position is explained, in the field and in an address", async ({ page, server }) => {
  await server.submit(1_000);
  await page.goto("/values/1000?digit=210");
  const error = page.getByRole("alert");
  await expect(error).toHaveText("Enter a position from 1 to 209.");
  await jump(page, "209");
  await expect(error).toHaveCount(0);
  await expect(page.getByText("Digit 209 is")).toHaveText("Digit 209 is 5.");
  await jump(page, "0");
  await expect(error).toBeVisible();
});

test("a number that was not submitted is calculated on its page, which links to its neighbours", async ({
  page,
}) => {
  await page.goto("/values/-8");
  await expect(page.getByText("The server has not calculated F(−8) yet.")).toBeVisible();
  await expect(page.getByText("−21", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Calculate F(−8)" }).press("Enter");
  await expect(page.getByText(", calculated in").first()).toBeVisible();
  await expect(page.getByRole("main")).toBeFocused();
  await expect(page.getByText("Negative")).toBeVisible();
  await expect(page.getByText("−21", { exact: true })).toBeVisible();
  await page.getByRole("link", { name: "F(−7)" }).click();
  await expect(heading(page, "F(−7)")).toBeFocused();
  await expect(page.getByText("The server has not calculated F(−7) yet.")).toBeVisible();

  // The field leads on to any other number.
  await field(page).fill("2^10");
  await field(page).press("Enter");
  await expect(heading(page, "F(1,024)")).toBeFocused();
  await expect(page.getByText("F(1,024) has not been calculated yet.")).toBeVisible();
  await expect(page.getByText("First 50 digits")).toBeVisible();
});

test("the number is the largest thing on its page, and fits phones", async ({ page, server }) => {
  await server.submit(10, 300, 570, 1_000);
  for (const index of [10, 300, 570, 1_000]) {
    await page.goto(`/values/${index}`);
    const number = page.getByRole("region", { name: "The number" }).locator("p").first();
    await expect(number).toContainText(/\d/);
    for (const width of [320, 360, 1_280]) {
      await page.setViewportSize({ width, height: 740 });
      const size = await number.evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize));
      expect(size, `F(${index}) at ${width} px`).toBeGreaterThanOrEqual(28);
      expect(size, `F(${index}) at ${width} px`).toBeLessThanOrEqual(40);
      await expectNoOverflow(page);
    }
  }
});

test("F(0) is zero", async ({ page, server }) => {
  await server.submit(0);
  await page.goto("/values/0");
  await expect(page.getByText("Zero", { exact: true })).toBeVisible();
  await page.getByText("Each digit, and how often it occurs").click();
  await expect.poll(() => rowsIn(viewer(page, "F(0)"))).toEqual([{ position: 1, digits: "0" }]);
});

test("an address with an invalid or too large index is explained", async ({ page }) => {
  await page.goto("/values/ten");
  await expect(heading(page, "This is not a valid index")).toBeVisible();
  await expect(page.getByText("not a whole number")).toBeVisible();
  await page.goto("/values/1000000000");
  await expect(page.getByText("F(1,000,000,000) is too large for this server.")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Calculate/ })).toHaveCount(0);
  await page.goto(`/values/${"9".repeat(1_001)}`);
  await expect(heading(page, "This is not a valid index")).toBeVisible();
  await page.goto("/values/1,000?digit=7");
  await expect(page).toHaveURL(/\/values\/1000\?digit=7$/);
});

test("the first page leads to what is known of an index that is too large to calculate", async ({ page }) => {
  const requests: string[] = [];
  page.on("request", (request) => requests.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await page.goto("/");
  await submit(page, "F(10^1000)");
  await expect(page.getByRole("alert")).toContainText("too large to calculate");
  await page.getByRole("link", { name: "See what is known of F(10^1000)" }).click();
  await expect(heading(page, "F(10^1000)")).toBeFocused();
  const title = "F(10^1000): about 2.0899 × 10^999 digits, 29990843… · Pisano";
  await expect(page).toHaveTitle(title);
  await expect(page.getByText("beyond what can be calculated and stored")).toBeVisible();
  await expect(page.getByText("Divided by 10,")).toContainText("leaves 5.");
  await page.locator("[aria-label='Why? Parity']").click();
  await expect(page.getByText("10^1000 leaves 1.")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Calculate/ })).toHaveCount(0);

  await page.getByRole("link", { name: "F(9,999…999,999)" }).click();
  await expect(heading(page, "F(9,999…999,999)")).toBeFocused();
  await page.keyboard.press("j");
  await expect(heading(page, "F(10^1000)")).toBeVisible();
  expect(
    requests.filter((request) => /POST|\/(estimates|values)\/./.test(request) && /api/.test(request)),
  ).toEqual([]);

  // The server has the same title.
  const html = await (await page.request.get(page.url())).text();
  expect(html).toContain(`<title>${title}</title>`);
});

test("the frequency of digits is correct", async ({ page, server }) => {
  await server.submit(100_000);
  await page.goto("/values/100000");
  const table = page.getByRole("table", { name: "Digits of F(100,000)" });
  await expect(table).toBeVisible();
  const digits = await digitsFrom(server, 100_000, 1, 20_899);
  for (let digit = 0; digit < 10; digit++) {
    const times = digits.split(String(digit)).length - 1;
    await expect(table.getByRole("row").nth(digit + 1)).toContainText(times.toLocaleString("en"));
  }
  const bars = page.getByRole("img", { name: /^Bar chart of the share of each digit/ }).locator("rect");
  await expect(bars).toHaveCount(10);
});

test("a number can be copied and downloaded", async ({ page, server, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await server.submit(-1_000);
  await page.goto("/values/-1000");
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  const digits = await digitsFrom(server, -1_000, 1, 209);

  await page.getByRole("button", { name: "Copy number" }).click();
  await expect.poll(clipboard).toBe(`-${digits}`);
  await page.getByRole("button", { name: "Copy last 50 digits" }).click();
  await expect.poll(clipboard).toBe(digits.slice(-50));

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download all digits" }).click(),
  ]);
  expect(await readFile(await download.path(), "latin1")).toBe(`-${digits}`);
});

test("loaded digits stay while the server is down, and the others load when it is back", async ({
  page,
  server,
}) => {
  await server.submit(10_000_000);
  await page.goto("/values/10000000");
  const view = viewer(page, "F(10,000,000)");
  await expectTrueDigits(view, server, 10_000_000);
  const begin = await rowsIn(view);

  await server.stop();
  await page.getByRole("button", { name: "Last", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("Pisano is not responding.");
  await page.getByRole("button", { name: "First", exact: true }).click();
  await expect(page.getByRole("alert")).toHaveCount(0);
  expect(await rowsIn(view)).toEqual(begin);

  await page.getByRole("button", { name: "Last", exact: true }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await server.start();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expectTrueDigits(view, server, 10_000_000);
});

test.describe("where large indices are accepted", () => {
  test.use({ settings: { PISANO_MAX_INDEX: "1000000000", GOMAXPROCS: "1" } });

  test("a long calculation ends in its number without a reload, and each digit can be reached", async ({
    page,
    server,
  }) => {
    await page.goto("/values/400000000");
    let loads = 0;
    page.on("load", () => loads++);
    const texts = await watchTexts(page, "main p");
    await page.getByRole("button", { name: "Calculate F(400,000,000)" }).click();
    await expect.poll(texts).toContainEqual(expect.stringMatching(/^\d+%, .* left$/));
    const view = viewer(page, "F(400,000,000)");
    await expect(view).toBeVisible();
    expect(loads).toBe(0);

    // These rows are taller than an element can be.
    const digitCount = 83_595_056;
    await expect(page.getByRole("definition").filter({ hasText: "83,595,056" })).toBeVisible();
    await view.focus();
    await page.keyboard.press("End");
    const last = await expectTrueDigits(view, server, 400_000_000);
    await page.keyboard.press("ArrowUp");
    expect(await expectTrueDigits(view, server, 400_000_000)).toBe(last - 100);

    // By the scroll bar to the middle, then row by row.
    await view.evaluate((box) => box.scrollTo({ top: (box.scrollHeight - box.clientHeight) / 2 }));
    await expect(async () => {
      const middle = await expectTrueDigits(view, server, 400_000_000);
      expect(Math.abs(middle / digitCount - 0.5)).toBeLessThan(0.001);
    }).toPass();
    const middle = await expectTrueDigits(view, server, 400_000_000);
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press("ArrowDown");
    }
    expect(await expectTrueDigits(view, server, 400_000_000)).toBe(middle + 300);
    await view.hover();
    await page.mouse.wheel(0, 280);
    await expect.poll(async () => (await rowsIn(view))[0]?.position).toBe(middle + 1_300);
    await page.keyboard.press("Home");
    expect(await expectTrueDigits(view, server, 400_000_000)).toBe(1);
  });
});

test("20 million digits are scrolled through in less than 150 MB of heap", async ({ page, server }) => {
  await server.submit(100_000_000);
  await page.goto("/values/100000000");
  const view = viewer(page, "F(100,000,000)");
  await expect(view).toBeVisible();
  expect(await expectTrueDigits(view, server, 100_000_000)).toBe(1);

  await jump(page, "10449382");
  await expect(page.getByText("Digit 10,449,382 is")).toBeVisible();
  const middle = await expectTrueDigits(view, server, 100_000_000);
  expect(Math.abs(middle - 10_449_382)).toBeLessThan(2_000);
  await view.focus();
  await page.keyboard.press("PageDown");
  const next = await expectTrueDigits(view, server, 100_000_000);
  expect(next - middle).toBeGreaterThan(1_000);
  await page.keyboard.press("PageUp");
  expect(await expectTrueDigits(view, server, 100_000_000)).toBe(middle);
  await page.keyboard.press("End");
  const last = await expectTrueDigits(view, server, 100_000_000);
  expect(last + 2_000).toBeGreaterThan(20_898_764 - 100);

  // Scroll through the whole value while its digits are counted.
  await page.getByRole("button", { name: "Count the digits" }).press("Enter");
  await expect(page.getByRole("region", { name: "How often each digit occurs" })).toBeFocused();
  for (let share = 0; share < 1; share += 0.02) {
    await view.evaluate((box, share) => box.scrollTo({ top: share * box.scrollHeight }), share);
    await expect
      .poll(async () => (await rowsIn(view)).every(({ digits }) => digits !== ""), { intervals: [40] })
      .toBe(true);
  }
  await expect(page.getByRole("table", { name: "Digits of F(100,000,000)" })).toBeVisible();

  const session = await page.context().newCDPSession(page);
  const before = await session.send("Runtime.getHeapUsage");
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize, embedderHeapUsedSize, backingStorageSize } = await session.send("Runtime.getHeapUsage");
  const used = usedSize + embedderHeapUsedSize + backingStorageSize;
  console.log(
    `heap of the page at 20 million digits: ${(used / 1e6).toFixed(1)} MB, ${((before.usedSize + before.embedderHeapUsedSize + before.backingStorageSize) / 1e6).toFixed(1)} MB before garbage is collected`,
  );
  expect(used).toBeLessThan(150e6);
});

const states = [
  "/values/0",
  "/values/-1000?digit=77",
  "/values/10000000",
  "/values/77",
  "/values/ten",
  `/values/-1${"0".repeat(100)}`,
  `/values/${"123456789".repeat(111)}`,
];
const settled = /All digits|Each digit|has not calculated|not a valid index|beyond what can be/;

test("at 360 px nothing overflows", async ({ page, server }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await server.submit(0, -1_000, 10_000_000);
  for (const path of states) {
    await page.goto(path);
    await expect(page.getByRole("main")).toContainText(settled);
    await page.evaluate(() => {
      for (const reason of document.querySelectorAll("details")) {
        reason.open = true;
      }
    });
    await expectNoOverflow(page);
  }
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`it is accessible, ${colorScheme}`, async ({ page, server }) => {
    await page.emulateMedia({ colorScheme });
    await server.submit(0, -1_000, 10_000_000);
    for (const path of states) {
      await page.goto(path);
      await expect(page.getByRole("main")).toContainText(settled);
      await expectAccessible(page);
    }
  });
}
