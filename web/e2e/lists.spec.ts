import { calculatedList, calculatedValue, expect, seenList, seenRow, submit, test } from "./fixtures";

test("what others submit appears by itself", async ({ page, server }) => {
  await page.goto("/");
  await expect(page.getByText("None yet. Type an index above")).toBeVisible();
  await server.submit(7);
  await expect(calculatedValue(page, "F(7)")).toContainText("= 13");
  await expect(seenRow(page, "F(7)")).toContainText("Calculated");
});

test("both lists go on by themselves as one scrolls", async ({ page, server }) => {
  await server.submit(...Array.from({ length: 105 }, (_, i) => i));
  await expect.poll(() => server.calculated()).toBe(105);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto("/");
  for (const list of [seenList(page), calculatedList(page)]) {
    await expect(list.getByRole("listitem").nth(19)).toBeAttached();
  }
  // No more is fetched than what may be scrolled to soon.
  expect(asked.filter((url) => url.includes("cursor=")).length).toBeLessThan(6);
  for (const list of [seenList(page), calculatedList(page)]) {
    await expect(async () => {
      await page.mouse.wheel(0, 2_000);
      await expect(list.getByRole("listitem")).toHaveCount(105, { timeout: 100 });
    }).toPass();
    await expect(list.getByRole("button", { name: "Load more" })).toHaveCount(0);
  }
});

test("while the server is away the page says so and keeps what it has; then it catches up", async ({
  page,
  server,
}) => {
  await page.goto("/");
  await submit(page, "10");
  await expect(calculatedValue(page, "F(10)")).toBeVisible();

  await server.stop();
  const notice = page.getByText("Live updates have stopped");
  await expect(notice).toBeVisible();
  await expect(calculatedValue(page, "F(10)")).toContainText("= 55");
  await submit(page, "11");
  await expect(page.getByRole("alert")).toContainText("Pisano does not answer just now.");

  await server.start();
  await server.submit(12);
  await expect(notice).toBeHidden({ timeout: 15_000 });
  await expect(calculatedValue(page, "F(12)")).toContainText("= 144");
});
