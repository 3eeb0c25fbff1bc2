import { calculatedList, calculatedValue, expect, field, seenList, seenRow, submit, test } from "./fixtures";

test("what is submitted elsewhere appears without a reload", async ({ page, server }) => {
  await page.goto("/");
  await expect(page.getByText("Nothing here yet. Enter an index above")).toBeVisible();
  await server.submit(7);
  await expect(calculatedValue(page, "F(7)")).toContainText("= 13");
  await expect(seenRow(page, "F(7)")).toContainText("Calculated");
});

test("both lists begin with a few rows and show more on demand", async ({ page, server }) => {
  await server.submit(...Array.from({ length: 105 }, (_, i) => i));
  await expect.poll(() => server.calculated()).toBe(105);
  const requested: string[] = [];
  page.on("request", (request) => requested.push(request.url()));
  await page.goto("/");
  for (const list of [seenList(page), calculatedList(page)]) {
    await expect(list.getByRole("listitem")).toHaveCount(6);
  }
  // Nothing is fetched beyond what may be shown soon.
  expect(requested.filter((url) => url.includes("cursor="))).toEqual([]);
  for (const list of [seenList(page), calculatedList(page)]) {
    const more = list.getByRole("button", { name: "Show more" });
    for (const count of [26, 46, 66, 86, 105]) {
      await more.click();
      await expect(list.getByRole("listitem")).toHaveCount(count);
    }
    await expect(more).toHaveCount(0);
  }
});

test("however much is shown, an event makes a page ask for no more than the newest items", async ({
  page,
  server,
}) => {
  await server.submit(...Array.from({ length: 105 }, (_, i) => i));
  await expect.poll(() => server.calculated()).toBe(105);
  await page.goto("/");
  for (const list of [seenList(page), calculatedList(page)]) {
    for (const count of [26, 46, 66, 86, 105]) {
      await list.getByRole("button", { name: "Show more" }).click();
      await expect(list.getByRole("listitem")).toHaveCount(count);
    }
  }
  const requested: string[] = [];
  page.on("request", (request) => requested.push(new URL(request.url()).search));
  await server.submit(1_000);
  await expect(calculatedValue(page, "F(1,000)")).toBeVisible();
  await expect(seenRow(page, "F(1,000)")).toContainText("Calculated");
  expect(requested.filter((search) => search.includes("cursor="))).toEqual([]);
  expect(requested.filter((search) => search.includes("limit=")).length).toBeLessThanOrEqual(6);
  await expect(seenList(page).getByRole("listitem")).toHaveCount(106);
});

for (const width of [360, 1_280, 1_700]) {
  test(`a row that comes in front costs others no style, at ${width} px`, async ({
    browser,
    page,
    server,
  }) => {
    await server.submit(...Array.from({ length: 46 }, (_, i) => i));
    await expect.poll(() => server.calculated()).toBe(46);
    await page.setViewportSize({ width, height: 740 });
    await page.goto("/");
    for (const list of [seenList(page), calculatedList(page)]) {
      for (const count of [26, 46]) {
        await list.getByRole("button", { name: "Show more" }).click();
        await expect(list.getByRole("listitem")).toHaveCount(count);
      }
    }
    // The style sheets of all pages count, and those of others are loaded in advance.
    await expect
      .poll(() => page.evaluate(() => document.querySelectorAll("link[rel=stylesheet]").length))
      .toBeGreaterThan(5);
    await page.waitForLoadState("networkidle");
    // Something else may change at the same moment, such as a style sheet that comes late.
    await expect(async () => {
      await browser.startTracing(page, { categories: ["devtools.timeline"] });
      // Nothing but the list changes, and locators, which ask for the style of every row, are not used.
      await page.evaluate(async () => {
        for (const list of document.querySelectorAll("main section > ul")) {
          const row = document.createElement("li");
          row.className = list.firstElementChild?.className ?? "";
          list.prepend(row);
        }
        await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
      });
      const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
        traceEvents: { name: string; args: { elementCount?: number } }[];
      };
      const restyled = traceEvents
        .filter(({ name }) => name === "UpdateLayoutTree")
        .map(({ args }) => args.elementCount ?? 0);
      expect(Math.max(...restyled)).toBeGreaterThan(0);
      expect(Math.max(...restyled)).toBeLessThan(30);
    }).toPass({ timeout: 60_000 });
  });
}

test("with 300 values, the second list is near for eyes and keyboard", async ({ page, server }) => {
  await server.submit(...Array.from({ length: 300 }, (_, i) => i));
  await expect.poll(() => server.calculated()).toBe(200); // as many as it counts
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto("/");
  await expect(seenList(page).getByRole("listitem")).toHaveCount(6);
  const tops = await Promise.all(
    [seenList(page), calculatedList(page)].map((list) =>
      list.evaluate((element) => element.getBoundingClientRect().top),
    ),
  );
  expect((tops[1] ?? 0) - (tops[0] ?? 0)).toBeLessThan(740);

  await field(page).focus();
  const skip = page.getByRole("link", { name: "Skip to the calculated values" });
  for (let tabs = 0; !(await skip.evaluate((link) => link === document.activeElement)); tabs++) {
    expect(tabs).toBeLessThan(10);
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await expect(calculatedList(page)).toBeFocused();
});

test("the page says that the server is down, keeps what it has, and catches up when it is back", async ({
  page,
  server,
}) => {
  await page.goto("/");
  await submit(page, "10");
  await expect(calculatedValue(page, "F(10)")).toBeVisible();

  await server.stop();
  const notice = page.getByText("This page may be out of date");
  await expect(notice).toBeVisible();
  await expect(calculatedValue(page, "F(10)")).toContainText("= 55");
  await submit(page, "11");
  await expect(page.getByRole("alert")).toContainText("Pisano is not responding.");

  await server.start();
  await server.submit(12);
  await expect(notice).toBeHidden();
  await expect(calculatedValue(page, "F(12)")).toContainText("= 144");
});
