import { gzipSync } from "node:zlib";
import type { CDPSession } from "@playwright/test";
import {
  calculatedValue,
  expect,
  expectAccessible,
  expectNoOverflow,
  field,
  seenRow,
  test,
} from "./fixtures";

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
    "/pisano/10",
    "/pisano/ten",
    "/table?from=0&to=100",
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

for (const [path, code] of [
  ["/values/10", "NumberPage"],
  ["/explore", "ExplorePage"],
  ["/pisano/10", "PisanoPage"],
  ["/table", "TablePage"],
  ["/otherpage", "HowItWorksPage"],
] as const) {
  test(`the code of ${path} is asked for before the application has started, and once`, async ({ page }) => {
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    const codeAsked = page.waitForRequest((request) => request.url().includes(`/assets/${code}`));
    await page.route(/\/assets\/index-[^/]*\.js$/, async (route) => {
      await codeAsked;
      await route.continue();
    });
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const files = asked.filter((file) => file.startsWith("/assets/"));
    expect(files).toEqual([...new Set(files)]);
  });
}

for (const [path, ...data] of [
  ["/", "/api/indices?limit=20", "/api/values?limit=20"],
  ["/values/10", "/api/values/10", "/api/numbers/10"],
] as const) {
  test(`the data of ${path} is requested before the application has started, and once`, async ({
    page,
    server,
  }) => {
    await server.submit(10);
    await expect.poll(() => server.calculated()).toBe(1);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url().replace(/^.*?(?=\/api\/)/, "")));
    const dataAsked = Promise.all(
      data.map((address) => page.waitForRequest((request) => request.url().endsWith(address))),
    );
    await page.route(/\/assets\/index-[^/]*\.js$/, async (route) => {
      await dataAsked;
      await route.continue();
    });
    // Lists and values are fetched again once the stream of events is open.
    await page.route("**/api/events", () => undefined);
    await page.goto(path);
    // The application asks before it renders.
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const times = (address: string) => asked.filter((request) => request === address).length;
    expect(data.map(times)).toEqual(data.map(() => 1));
  });
}

test("the first load has less than 200 KB, with everything that it takes to show numbers", async ({
  page,
  server,
}) => {
  const indices = [10, -8, 93, 100, 200, 1_000];
  await server.submit(...indices);
  await expect.poll(() => server.calculated()).toBe(indices.length);
  await page.goto("/");
  await expect(calculatedValue(page, "F(1,000)")).toBeVisible();
  await expect(seenRow(page, "F(1,000)")).toBeVisible();
  await page.evaluate(() => document.fonts.ready);

  const files = await page.evaluate(() => {
    const [document] = performance.getEntriesByType("navigation") as [PerformanceNavigationTiming];
    // The other pages are loaded in advance a second later.
    const inAdvance = document.loadEventStart + 1_000;
    return [document, ...(performance.getEntriesByType("resource") as PerformanceResourceTiming[])]
      .filter(({ name, startTime }) => startTime < inAdvance || !/\.(js|css)$/.test(name))
      .map(({ name, transferSize }) => ({ path: new URL(name).pathname, bytes: transferSize }));
  });
  const parts: Record<string, number> = {};
  for (const { path, bytes } of files) {
    const part = path.startsWith("/api/") ? "lists" : (path.match(/\.(\w+)$/)?.[1] ?? "html");
    parts[part] = (parts[part] ?? 0) + bytes;
  }
  const total = Object.values(parts).reduce((sum, bytes) => sum + bytes);
  const inKB = Object.entries(parts).map(([part, bytes]) => `${part} ${(bytes / 1_000).toFixed(1)}`);
  console.log(`first load: ${(total / 1_000).toFixed(1)} KB (${inKB.join(", ")})`);
  expect(Object.keys(parts)).toEqual(expect.arrayContaining(["html", "js", "css", "woff2", "lists"]));
  expect(Math.min(...files.map(({ bytes }) => bytes))).toBeGreaterThan(0);
  expect(total).toBeLessThan(200_000);

  let styles = 0;
  for (const { path } of files.filter(({ path }) => path.endsWith(".css"))) {
    styles += gzipSync(await (await page.request.get(path)).body()).length;
  }
  console.log(`style sheets of the first page by gzip: ${(styles / 1_000).toFixed(1)} KB`);
  expect(styles).toBeLessThan(12_000);
});

test("what phones and robots look for is there", async ({ page }) => {
  await page.goto("/");
  await expect(page.locator("link[rel=manifest], link[rel=apple-touch-icon]")).toHaveCount(2);
  for (const path of ["/manifest.json", "/touch-icon.png", "/robots.txt", "/favicon.svg"]) {
    expect((await page.request.get(path)).status(), path).toBe(200);
  }
});

test("text and numbers are in the fonts of the page", async ({ page, server }) => {
  await server.submit(-8, 1_000, 100_000);
  await expect.poll(() => server.calculated()).toBe(3);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("DOM.enable");
  await devtools.send("CSS.enable");
  // Fonts that come late are not used before the next visit.
  await expect(async () => {
    await page.goto("/");
    await expect(calculatedValue(page, "F(100,000)")).toBeVisible();
    await expect(calculatedValue(page, "F(−8)")).toBeVisible();
    await page.evaluate(() => document.fonts.ready);
    expect(await fontsOf(devtools)).toEqual(["Instrument Sans", "JetBrains Mono"]);
  }).toPass();
});

/** The names of the fonts that a page is drawn with. */
async function fontsOf(devtools: CDPSession): Promise<string[]> {
  const { root } = await devtools.send("DOM.getDocument");
  const { nodeIds } = await devtools.send("DOM.querySelectorAll", {
    nodeId: root.nodeId,
    selector: "h1, h2, p, a, button, label, li, article, span",
  });
  const names = new Set<string>();
  for (const nodeId of nodeIds) {
    const { fonts } = await devtools.send("CSS.getPlatformFontsForNode", { nodeId });
    for (const { familyName, isCustomFont } of fonts) {
      names.add(isCustomFont ? familyName : `${familyName}, of the system`);
    }
  }
  return [...names].sort();
}

test("the first page can be used by keyboard alone", async ({ page, server }) => {
  await server.submit(1_000);
  await page.goto("/");
  await expect(page.getByRole("heading", home)).toBeVisible();
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

test("an unknown address says so, by its status too, and links to the first page", async ({ page }) => {
  expect((await page.goto("/no/such/page"))?.status()).toBe(404);
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
  // Without the scripts of the application, only page-head.js can set it.
  await page.route(/\/assets\/.*\.js$/, (route) => route.abort());
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
  await page.unroute(/\/assets\/.*\.js$/);
  await page.reload();
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
