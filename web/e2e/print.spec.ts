import type { Page } from "@playwright/test";
import { calculatedList, expect, seenList, test } from "./fixtures";
import { pdfText } from "./pdfText";

/** Shows the page as it is printed. */
async function print(page: Page): Promise<void> {
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
}

/** The visible text without white space. */
// biome-ignore lint/performance/useDomNodeTextContent: what is not shown is not printed.
const printed = (page: Page) => page.evaluate(() => document.body.innerText.replace(/\s/g, ""));

for (const index of [93, 1_000, 100_000, 400_000]) {
  test(`F(${index}) is printed with each of its digits, on light paper`, async ({ page, server }) => {
    await server.submit(index);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.goto(`/values/${index}`);
    await expect(page.getByText(", calculated in").first()).toBeVisible();
    const digits = await (await fetch(`${server.url}/api/values/${index}/digits`)).text();
    if (digits.length > 120) {
      await expect(page.getByRole("table")).toBeVisible();
    }
    await expect(async () => {
      await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
      await print(page);
      expect((await printed(page)).replaceAll(",", "")).toContain(digits);
    }).toPass();
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      "rgb(255, 255, 255)",
    );
    expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe("rgb(22, 33, 27)");
    await expect(page.getByRole("button").filter({ visible: true })).toHaveCount(0);
    expect(pdfText(await page.pdf()).replace(/[\s,]/g, "")).toContain(digits);
  });
}

test("of a number too long for paper, print says where its digits are", async ({ page, server }) => {
  await server.submit(1_000_000);
  await page.goto("/values/1000000");
  await expect(page.getByText(", calculated in").first()).toBeVisible();
  await print(page);
  await expect(page.getByText("The 208,988 digits of F(1,000,000) can be downloaded from")).toBeVisible();
});

test("rows that are out of sight are printed", async ({ page, server }) => {
  const indices = Array.from({ length: 26 }, (_, i) => 500 + i);
  await server.submit(...indices);
  await expect.poll(() => server.calculated()).toBe(indices.length);
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto("/");
  for (const list of [seenList(page), calculatedList(page)]) {
    await list.getByRole("button", { name: "Show more" }).click();
    await expect(list.getByRole("listitem")).toHaveCount(indices.length);
  }
  const text = pdfText(await page.pdf()).replace(/\s/g, "");
  for (const index of indices) {
    expect(text.split(`F(${index})`)).toHaveLength(3);
  }
});

test("lists and charts are printed whole", async ({ page, server }) => {
  await server.submit(1_000);
  await page.goto("/");
  await expect(page.getByText("109 more digits").first()).toBeVisible();
  await print(page);
  const digits = await (await fetch(`${server.url}/api/values/1000/digits`)).text();
  await expect.poll(() => printed(page)).toContain(digits);

  await page.goto("/explore");
  await expect(page.getByRole("slider", { name: /^Squares/ })).toBeVisible();
  await print(page);
  await expect(page.getByRole("table")).toHaveCount(2);
  for (const table of await page.getByRole("table").all()) {
    const { clientHeight, scrollHeight } = await table.evaluate(({ parentElement }) => ({
      clientHeight: parentElement?.clientHeight ?? 0,
      scrollHeight: parentElement?.scrollHeight ?? 1,
    }));
    expect(clientHeight).toBe(scrollHeight);
  }
  await expect(page.getByRole("row", { name: "F(93) 20" })).toBeVisible();
});

/** What the PDF of a page says, without white space and separators of groups. */
const inPdf = async (page: Page) => pdfText(await page.pdf()).replace(/[\s,]/g, "");

test("the PDF of a table has every digit of every number", async ({ page, server }) => {
  await page.goto("/table?from=990&to=1000");
  await expect(page.getByRole("row", { name: /^F\(1,000\)/ })).toBeVisible();
  const numbers = await (await fetch(`${server.url}/api/numbers?from=990&to=1000`)).json();
  const text = await inPdf(page);
  for (const { index, value } of numbers) {
    expect(text).toContain(`F(${index})${value}`);
  }
});

test("the PDF of a wheel has its facts, their reasons and its remainders", async ({ page }) => {
  await page.goto("/pisano/10");
  await expect(page.getByText("π(10) = 60")).toBeVisible();
  const text = await inPdf(page);
  for (const part of ["π(10)=60", "α(10)=15", "Theremaindersmodulo10repeatassoonas", "011235831459437"]) {
    expect(text).toContain(part);
  }
});

test("How it works is printed complete, on light paper, without lines that lead nowhere", async ({
  page,
}) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/otherpage");
  await expect(page.getByText("Connected")).toBeVisible();
  await page.getByRole("button", { name: "Submit a random index" }).click();
  const log = page.getByRole("region", { name: "Activity", exact: true });
  await expect(log).toContainText("is ready.");
  await page.getByRole("button", { name: /^Replay/ }).click();
  const term = (await log.getByRole("link").first().textContent()) ?? "";
  const text = await inPdf(page);
  for (const part of [
    "Yourbrowser",
    "Valuecache",
    `${term.replace(",", "")}isready.`,
    "Inrealityittook",
    "Lastsignoflife",
  ]) {
    expect(text).toContain(part);
  }
  await print(page);
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
    "rgb(255, 255, 255)",
  );
  await expect(page.getByRole("button").filter({ visible: true })).toHaveCount(0);
  for (const part of [
    page.getByText("Picks one between 1,000 and 20,000"),
    page.getByRole("link", { name: "Back to the numbers" }),
    page.locator("main svg[class*=links]"),
  ]) {
    await expect(part).toBeHidden();
  }
});
