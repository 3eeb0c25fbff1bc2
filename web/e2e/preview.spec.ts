import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, expectNoOverflow, test } from "./fixtures";

/** A page of another site with some HTML, as an address. */
async function anotherSite(html: string): Promise<{ url: string; close(): void }> {
  const server = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end(
      `<!doctype html><html lang="en"><title>Another site</title><h1>Another site</h1>${html}</html>`,
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  // Another host than the server's is another site.
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

/** The content of an element of the head, without scripts. */
function contentOf(html: string, name: string): string | undefined {
  return new RegExp(`<meta (?:name|property)="${name}" content="([^"]*)" />`).exec(html)?.[1];
}

const addresses = [
  "/",
  "/explore",
  "/otherpage",
  "/pisano/10",
  "/pisano/9007199254740992",
  "/values/10",
  "/values/-8",
  "/values/1000",
  "/values/-100000",
];

test("the server names each page as the page names itself", async ({ page, server }) => {
  for (const path of addresses) {
    const html = await (await fetch(server.url + path)).text();
    const title = /<title>(.*)<\/title>/.exec(html)?.[1] ?? "";
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page).toHaveTitle(title);
    expect(contentOf(html, "og:url"), path).toBe(server.url + path);
    expect(html).toContain(`<link rel="canonical" href="${server.url}${path}" />`);
    expect(contentOf(html, "description")?.length, path).toBeGreaterThan(50);
  }
  await expect(page).toHaveTitle(/^F\(−100,000\): 20,899 digits, −25974069… · Pisano$/);
});

test("a link has a picture", async ({ page, server }) => {
  for (const path of ["/", "/values/1000"]) {
    const picture = contentOf(await (await fetch(server.url + path)).text(), "og:image") ?? "";
    await page.goto(picture);
    expect(
      await page.evaluate(() => {
        const [image] = document.images;
        return [image?.naturalWidth, image?.naturalHeight];
      }),
      path,
    ).toEqual([1_200, 630]);
  }
});

/** Opens the share dialog of a number and copies the code for other sites. */
async function codeFor(page: Page, index: number): Promise<string> {
  await page.goto(`/values/${index}`);
  await page.getByRole("button", { name: "Share" }).click();
  return page.getByRole("textbox", { name: "To show it on another site" }).inputValue();
}

test("the code for another site shows the number there, with a link, and no other page can be framed", async ({
  page,
  server,
  context,
}) => {
  const codes = [await codeFor(page, 10), await codeFor(page, 1_000)];
  const site = await anotherSite(
    `${codes.join("")}<iframe title="framed" src="${server.url}/values/10"></iframe>`,
  );
  try {
    await page.goto(site.url);
    const [short, long] = [page.frameLocator('[title="F(10)"]'), page.frameLocator('[title="F(1,000)"]')];
    await expect(short.getByRole("heading", { name: "F(10) =" })).toBeVisible();
    await expect(short.getByText("55", { exact: true })).toBeVisible();
    await expect(long.getByText("4.346655768693745…")).toContainText("× 10208");
    await expect(long.getByText("209 digits")).toBeVisible();
    // Without a scroll bar of its own.
    for (const frame of page.frames().filter((frame) => frame.url().includes("/embed/"))) {
      const excess = await frame.evaluate(async () => {
        await document.fonts.ready;
        return document.documentElement.scrollHeight - document.documentElement.clientHeight;
      });
      expect(excess).toBe(0);
    }
    await expect(page.frameLocator('[title="framed"]').getByRole("heading")).toHaveCount(0);
    const opened = context.waitForEvent("page");
    await short.getByRole("link", { name: "F(10) on Pisano" }).click();
    await expect((await opened).getByRole("heading", { level: 1, name: "F(10)" })).toBeVisible();
  } finally {
    site.close();
  }
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the page for frames is accessible and nothing overflows at 320 px, ${colorScheme}`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 320, height: 200 });
    for (const index of [0, -8, 93, 570, -1_000, Number.MAX_SAFE_INTEGER, 10n ** 1_000n - 1n]) {
      await page.goto(`/embed/values/${index}`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectNoOverflow(page);
      await expectAccessible(page);
    }
  });
}
