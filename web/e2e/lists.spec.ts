import { calculatedList, calculatedValue, expect, seenList, seenRow, submit, test } from "./fixtures";

test("what is submitted elsewhere appears without a reload", async ({ page, server }) => {
  await page.goto("/");
  await expect(page.getByText("Nothing here yet. Enter an index above")).toBeVisible();
  await server.submit(7);
  await expect(calculatedValue(page, "F(7)")).toContainText("= 13");
  await expect(seenRow(page, "F(7)")).toContainText("Calculated");
});

test("both lists load more as one scrolls", async ({ page, server }) => {
  await server.submit(...Array.from({ length: 105 }, (_, i) => i));
  await expect.poll(() => server.calculated()).toBe(105);
  const requested: string[] = [];
  page.on("request", (request) => requested.push(request.url()));
  await page.goto("/");
  for (const list of [seenList(page), calculatedList(page)]) {
    await expect(list.getByRole("listitem").nth(19)).toBeAttached();
  }
  // Only what may be scrolled to soon is fetched.
  expect(requested.filter((url) => url.includes("cursor=")).length).toBeLessThan(6);
  for (const list of [seenList(page), calculatedList(page)]) {
    await expect(async () => {
      await page.mouse.wheel(0, 2_000);
      await expect(list.getByRole("listitem")).toHaveCount(105, { timeout: 100 });
    }).toPass();
    await expect(list.getByRole("button", { name: "Load more" })).toHaveCount(0);
  }
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
  await expect(notice).toBeHidden({ timeout: 15_000 });
  await expect(calculatedValue(page, "F(12)")).toContainText("= 144");
});
