import type { Page } from "@playwright/test";
import decodeQR from "qr/decode.js";
import { expect, expectAccessible, expectNoOverflow, submit, test } from "./fixtures";

const dialog = (page: Page, term: string) => page.getByRole("dialog", { name: `Share ${term}` });
const shareButton = (page: Page) => page.getByRole("button", { name: "Share" });

/** What a camera reads from the QR code on the screen. */
async function scan(page: Page): Promise<string> {
  const picture = await page.getByRole("img", { name: /^QR code/ }).screenshot();
  const image = await page.evaluate(
    async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext("2d");
      context?.drawImage(image, 0, 0);
      const { width, height, data } = context?.getImageData(0, 0, image.width, image.height) ?? {};
      return { width: width ?? 0, height: height ?? 0, data: Array.from(data ?? []) };
    },
    `data:image/png;base64,${picture.toString("base64")}`,
  );
  return decodeQR({ ...image, data: Uint8Array.from(image.data) });
}

test("a number is shared by keyboard: its link, the link to a digit, and their QR codes", async ({
  page,
  server,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await server.submit(1_000);
  await page.goto("/values/1000");
  await shareButton(page).press("Enter");
  const share = dialog(page, "F(1,000)");
  await expect(share).toBeVisible();
  const link = share.getByRole("textbox", { name: "Link", exact: true });
  await expect(link).toHaveValue(`${server.url}/values/1000`);
  expect(await scan(page)).toBe(`${server.url}/values/1000`);

  const digit = share.getByRole("textbox", { name: "Link to a digit" });
  await digit.fill("210");
  await expect(share.getByRole("alert")).toHaveText("There is no such digit.");
  await digit.fill("200");
  await expect(share.getByRole("alert")).toHaveCount(0);
  const address = `${server.url}/values/1000?digit=200`;
  await expect(link).toHaveValue(address);
  expect(await scan(page)).toBe(address);
  await share.getByRole("button", { name: "Copy link" }).press("Enter");
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(address);

  // The page behind is out of reach until Escape, which gives the focus back.
  for (let tabs = 0; tabs < 12; tabs++) {
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.closest("main") !== null)).toBe(
      await share.evaluate((dialog) => dialog.contains(document.activeElement)),
    );
  }
  await page.keyboard.press("Escape");
  await expect(share).toHaveCount(0);
  await expect(shareButton(page)).toBeFocused();

  await page.goto(address);
  await expect(page.getByText("Digit 200 is")).toBeVisible();
});

test("what is shown is shared, through the system where it can", async ({ page, server }) => {
  // Headless browsers have no system to share through.
  await page.addInitScript(() => {
    const shared: unknown[] = [];
    Object.assign(window, { shared });
    navigator.share = async (data) => void shared.push(data);
  });
  await server.submit(1_000);
  await page.goto("/values/1000?find=76&digit=200");
  await shareButton(page).click();
  const address = `${server.url}/values/1000?find=76&digit=200`;
  const share = dialog(page, "F(1,000)");
  await expect(share.getByRole("textbox", { name: "Link", exact: true })).toHaveValue(address);
  await share.getByRole("button", { name: "Send…" }).click();
  expect(await page.evaluate(() => (window as unknown as { shared: unknown[] }).shared)).toEqual([
    { title: "F(1,000)", url: address },
  ]);
  await share.getByRole("button", { name: "Close" }).click();
  await expect(share).toHaveCount(0);
});

test("a number that is not calculated is shared as well, and the dialog is loaded only then", async ({
  page,
  server,
}) => {
  const loaded: string[] = [];
  page.on("request", (request) => loaded.push(request.url()));
  await page.goto("/values/-1000000000000");
  await expect(shareButton(page)).toBeVisible();
  expect(loaded.filter((url) => url.includes("ShareDialog"))).toEqual([]);
  await server.stop();
  await shareButton(page).click();
  await expect(page.getByRole("alert").filter({ hasText: "Pisano is not responding." })).toBeVisible();
  await server.start();
  await shareButton(page).click();
  const share = dialog(page, "F(−1,000,000,000,000)");
  await expect(share.getByRole("textbox", { name: "Link", exact: true })).toHaveValue(
    `${server.url}/values/-1000000000000`,
  );
  await expect(share.getByRole("textbox", { name: "Link to a digit" })).toHaveCount(0);
  expect(loaded.filter((url) => url.includes("ShareDialog"))).not.toEqual([]);
});

test("on a phone the answer of the first page is shared by the link to its number, and names the tab", async ({
  page,
  server,
}) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto("/");
  await expect(page).toHaveTitle("Pisano");
  await submit(page, "1000");
  await expect(page).toHaveTitle("F(1,000) · Pisano");
  await shareButton(page).click();
  const share = dialog(page, "F(1,000)");
  const address = `${server.url}/values/1000`;
  await expect(share.getByRole("textbox", { name: "Link", exact: true })).toHaveValue(address);
  expect(await scan(page)).toBe(address);
  await expectNoOverflow(page);
  await share.getByRole("button", { name: "Close" }).click();
  await expect(shareButton(page)).toBeFocused();
  await submit(page, "-8");
  await expect(page).toHaveTitle("F(−8) · Pisano");
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`it is accessible and nothing overflows at 360 px, ${colorScheme}`, async ({ page, server }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 360, height: 740 });
    await server.submit(1_000);
    await page.goto("/values/1000?digit=7");
    await shareButton(page).click();
    await expect(dialog(page, "F(1,000)")).toBeVisible();
    await expectNoOverflow(page);
    await expectAccessible(page);
    expect(await scan(page)).toBe(`${server.url}/values/1000?digit=7`);
  });
}
