import { calculatedValue, expect, expectAccessible, expectNoOverflow, field, test } from "./fixtures";

const home = { name: "Any Fibonacci number, every digit", level: 1 };
const other = { name: "The path of an index", level: 1 };

test("/otherpage survives a reload, and back and forward work", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("link", { name: "How it works" }).click();
  await expect(page.getByRole("heading", other)).toBeVisible();
  await expect(page).toHaveURL(/\/otherpage$/);
  await expect(page).toHaveTitle("How it works · Pisano");

  await page.reload();
  await expect(page.getByRole("heading", other)).toBeVisible();

  await page.goBack();
  await expect(page.getByRole("heading", home)).toBeVisible();
  await expect(page).toHaveTitle("Pisano");
  await page.goForward();
  await expect(page.getByRole("heading", other)).toBeVisible();
  await page.getByRole("link", { name: "Back to the numbers" }).click();
  await expect(page.getByRole("heading", home)).toBeVisible();
});

test("every address can be opened and reloaded", async ({ page, server }) => {
  await server.submit(10);
  for (const path of [
    "/",
    "/values/10",
    "/values/-10",
    "/values/ten",
    "/explore",
    "/otherpage",
    "/nowhere",
  ]) {
    await page.goto(path);
    const heading = page.getByRole("heading", { level: 1 });
    const text = await heading.textContent();
    await page.reload();
    await expect(heading).toHaveText(text ?? "");
    await expect(page.getByRole("banner").getByRole("link", { name: "Pisano, home" })).toBeVisible();
  }
});

test("the first load has less than 200 KB of script", async ({ page }) => {
  let bytes = 0;
  page.on("requestfinished", async (request) => {
    if (request.resourceType() === "script") {
      bytes += (await request.sizes()).responseBodySize;
    }
  });
  await page.goto("/", { waitUntil: "load" });
  await expect(page.getByText("Nothing here yet. Enter an index above")).toBeVisible();
  console.log(`first load: ${(bytes / 1000).toFixed(0)} KB of compressed script`);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(200_000);
});

test("the first page can be used by keyboard alone", async ({ page, server }) => {
  await server.submit(1_000);
  await page.goto("/");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(field(page)).toBeFocused();
  await page.keyboard.type("93");
  await page.keyboard.press("Enter");
  const panel = page.getByRole("region", { name: "Your number" });
  await expect(panel).toContainText("12200160415121876738");

  // Tab to the link to the number's page.
  const target = panel.getByRole("link", { name: "F(93)" });
  const focused = () => target.evaluate((link) => link === document.activeElement);
  for (let tabs = 0; !(await focused()); tabs++) {
    expect(tabs, "links and buttons before it").toBeLessThan(100);
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/values\/93$/);
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
});

test("an unknown address says so and links to the first page", async ({ page }) => {
  await page.goto("/no/such/page");
  await expect(page.getByRole("heading", { name: "Page not found" })).toBeVisible();
  await page.getByRole("link", { name: "Go to the numbers" }).click();
  await expect(page.getByRole("heading", home)).toBeVisible();
});

test("at 360 px nothing overflows", async ({ page, server }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await server.submit(-99_999_999, 0, -8, 140, 1_000, 100_000);
  for (const path of ["/", "/otherpage", `/${"long".repeat(50)}`]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    if (path === "/") {
      await expect(calculatedValue(page, "F(100,000)")).toBeVisible();
      await page.getByRole("button", { name: "Show all 209 digits" }).click();
    }
    await expectNoOverflow(page);
  }
});

test("the colour mode is remembered and applied before the first paint", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/");
  await page.getByRole("button", { name: "Switch to dark mode" }).click();
  await page.reload({ waitUntil: "commit" });
  await page.waitForFunction(() => document.body !== null);
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
  await expect(page.getByRole("button", { name: "Switch to light mode" })).toBeVisible();
});

test("the page requests nothing from other hosts and keeps to the content security policy", async ({
  page,
  server,
}) => {
  const foreign: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(server.url) && !request.url().startsWith("data:")) {
      foreign.push(request.url());
    }
  });
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      complaints.push(message.text());
    }
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await server.submit(10);
  const response = await page.goto("/");
  await expect(calculatedValue(page, "F(10)")).toBeVisible();
  await page.getByRole("link", { name: "How it works" }).click();
  await expect(page.getByRole("heading", other)).toBeVisible();

  expect(response?.headers()["content-security-policy"]).toContain("script-src 'self'");
  expect(foreign).toEqual([]);
  expect(complaints).toEqual([]);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`it is accessible, ${colorScheme}`, async ({ page, server }) => {
    await page.emulateMedia({ colorScheme });
    await server.submit(0, 10, 1_000, 100_000);
    for (const path of ["/", "/otherpage", "/no/such/page"]) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      if (path === "/") {
        await expect(calculatedValue(page, "F(100,000)")).toBeVisible();
        await page.getByRole("textbox", { name: "Index" }).fill("ten");
      }
      await expectAccessible(page);
    }
  });
}
