import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, expectNoOverflow, test } from "./fixtures";

const row = (page: Page, name: string | RegExp) => page.getByRole("row", { name });

test("the first hundred are there at once, and links lead on", async ({ page }) => {
  const requested: string[] = [];
  page.on("request", (request) => requested.push(new URL(request.url()).pathname));
  await page.goto("/");
  await page.getByRole("contentinfo").getByRole("link", { name: "Table" }).click();
  await expect(page).toHaveTitle("F(0) to F(100) · Pisano");
  await expect(row(page, "F(100) 354,224,848,179,261,915,075 21 1.6180339887 5")).toBeVisible();
  expect(requested.filter((path) => path.startsWith("/api/numbers"))).toEqual([]);
  await page.getByRole("link", { name: "F(101) to F(201) →" }).click();
  await expect(page).toHaveURL("/table?from=101&to=201");
  await expect(
    row(page, /^F\(201\) 453,973,694,165,307,953,197,296,969,697,410,619,233,826 42 /),
  ).toBeVisible();
  await page.goBack();
  await expect(row(page, /^F\(0\) 0 /)).toBeVisible();
  await row(page, /^F\(0\) 0 /)
    .getByRole("link")
    .click();
  await expect(page).toHaveURL("/values/0");
});

test("a range is opened by keyboard, and its bounds are told", async ({ page }) => {
  await page.goto("/table");
  await page.getByRole("textbox", { name: "From" }).fill("-8");
  await page.getByRole("textbox", { name: "To" }).fill("1e3");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/table?from=-8&to=1000");
  await expect(
    page.getByText(/^F\(−8\) to F\(1,000\) are 1,009 numbers\. A table here has up to 1,001/),
  ).toBeVisible();
  await page.getByRole("link", { name: "Show F(−8) to F(992)" }).click();
  await expect(row(page, /^F\(−8\) −21 2 /)).toBeVisible();
  await expect(page.getByRole("row")).toHaveCount(1_002);
});

test("the CSV has what the server has, and the last digit", async ({ page, server }) => {
  for (const range of ["from=-60&to=100", "from=990&to=1000"]) {
    await page.goto(`/table?${range}`);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download CSV" }).click();
    const file = await download;
    const own = (await readFile(await file.path())).toString().trimEnd().split("\r\n");
    const answer = await fetch(`${server.url}/api/numbers?${range}`, { headers: { Accept: "text/csv" } });
    const theirs = (await answer.text()).trimEnd().split("\r\n");
    expect(own.map((line) => line.slice(0, line.lastIndexOf(",")))).toEqual(theirs);
    for (const line of own.slice(1)) {
      const [, value = "", , , last] = line.split(",");
      expect(last).toBe(value.slice(-1));
    }
  }
});

test("the table is copied with tabs, and printed by its button", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.addInitScript(() => {
    window.print = () => document.body.setAttribute("data-printed", "");
  });
  await page.goto("/table?from=9&to=10");
  await page.getByRole("button", { name: "Copy table" }).click();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toBe(
      "n\tF(n)\tdigits\tratio\tlast digit\n9\t34\t2\t1.619047619047619\t4\n10\t55\t2\t1.6176470588235294\t5\n",
    );
  await page.getByRole("button", { name: "Print" }).click();
  await expect(page.locator("body")).toHaveAttribute("data-printed");
});

test("on paper the table is whole and light", async ({ page, server }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/table?from=990&to=1000");
  await expect(row(page, /^F\(1,000\)/)).toBeVisible();
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await page.setViewportSize({ width: 718, height: 1_000 }); // A4
  const digits = await (await fetch(`${server.url}/api/numbers?from=1000&to=1000`)).json();
  const printed = await row(page, /^F\(1,000\)/).textContent();
  expect(printed?.replaceAll(",", "")).toContain(digits[0].value);
  await expect(page.getByRole("columnheader", { name: "Last digit" })).toBeVisible();
  await expect(page.getByRole("button").filter({ visible: true })).toHaveCount(0);
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
    "rgb(255, 255, 255)",
  );
  await expectNoOverflow(page);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the table is accessible and fits 320 px, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto("/table");
    await expect(row(page, /^F\(100\)/)).toBeVisible();
    await expectAccessible(page);
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto("/table?from=990&to=1000");
    await expect(row(page, /^F\(1,000\)/)).toBeVisible();
    await expectNoOverflow(page);
    await expectAccessible(page);
  });
}
