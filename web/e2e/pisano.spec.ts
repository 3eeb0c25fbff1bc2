import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, expectNoOverflow, test } from "./fixtures";

const modulus = (page: Page) => page.getByRole("slider", { name: "Modulus m" });
const step = (page: Page) => page.getByRole("slider", { name: "Step k" });
const wheel = (page: Page) => page.getByRole("img", { name: /on a circle/ });
const lines = (page: Page) => wheel(page).locator("g[class*=lines] path");

test("Explore leads to the wheel of 10, which needs no request, and so does /pisano", async ({ page }) => {
  const requested: string[] = [];
  page.on("request", (request) => requested.push(new URL(request.url()).pathname));
  await page.goto("/explore");
  await page.getByRole("navigation", { name: "More to explore" }).getByText("The Pisano wheel").click();
  await expect(page).toHaveURL("/pisano/10");
  await expect(page).toHaveTitle("Pisano wheel of 10 · Pisano");
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect(wheel(page)).toBeVisible();
  await expect(page.getByText("π(10) = 60")).toBeVisible();
  expect(requested.filter((path) => path.startsWith("/api/periods"))).toEqual([]);
  expect((await page.goto("/pisano"))?.status()).toBe(200);
  await expect(page).toHaveURL("/pisano/10");
});

test("the wheel is turned by keyboard, and the address follows", async ({ page }) => {
  await page.goto("/pisano/10");
  await modulus(page).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("The Pisano wheel of 11");
  await expect(page.getByText("π(11) = 10")).toBeVisible();
  await expect(page).toHaveURL("/pisano/11");
  await expect(modulus(page)).toBeFocused();
  await page.getByRole("button", { name: "The next wheel" }).click();
  await expect(page).toHaveURL("/pisano/12");
  await page.reload();
  await expect(page.getByText("π(12) = 24")).toBeVisible();

  const field = page.getByRole("textbox", { name: "Modulus" });
  await field.fill("10^12");
  await field.press("Enter");
  await expect(page).toHaveURL("/pisano/1000000000000");
  await expect(page.getByText("π(1,000,000,000,000) = 1,500,000,000,000")).toBeVisible();
  await expect(page.getByText("The first 3,000 of 1,500,000,000,000 lines.")).toBeVisible();
  await page.goBack();
  await expect(page.getByText("π(12) = 24")).toBeVisible();
});

test("the slider of a large modulus has the same end while it is dragged", async ({ page }) => {
  await page.goto("/pisano/1000");
  const now = async () => Number(await modulus(page).getAttribute("aria-valuenow"));
  const end = async () => Number(await modulus(page).getAttribute("aria-valuemax"));
  const thumb = (await modulus(page).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const [x, y] = [thumb.x + thumb.width / 2, thumb.y + thumb.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (const by of [20, 40, 60]) {
    const before = await now();
    await page.mouse.move(x - by, y);
    await expect.poll(now).toBeLessThan(before);
    expect(await end()).toBe(1_000);
  }
  await page.mouse.up();
  await expect.poll(end).toBe(await now());
});

test("a modulus that is too large for a wheel has its period, up to 10^30", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("/values/1000");
  await page.getByRole("textbox", { name: "Modulus" }).fill("2305843009213693951");
  await expect(page.getByText("leaves 100,192,510,155,549,716.")).toBeVisible();
  await expectNoOverflow(page);
  await page.getByRole("link", { name: "The period of 2,305…693,951" }).click();
  await expect(page).toHaveURL("/pisano/2305843009213693951");
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect(page.getByText("π(2,305,843,009,213,693,951) = 256,204,778,801,521,550")).toBeVisible();
  await expect(wheel(page)).toHaveCount(0);

  const field = page.getByRole("textbox", { name: "Modulus" });
  await field.fill("10^30");
  await field.press("Enter");
  await expect(page).toHaveURL(`/pisano/${10n ** 30n}`);
  await expect(page.getByText(/^π\(1,000.*\) = 1,500,/)).toBeVisible();
  await expectNoOverflow(page);
  await expectAccessible(page);
  await field.fill("10^31");
  await field.press("Enter");
  await expect(page.getByRole("alert")).toHaveText("Enter a whole number from 1 to 10^30.");
});

test("play draws the line to its end, pause holds it, and steps name their numbers", async ({ page }) => {
  await page.goto("/pisano/4");
  const drawn = async () => Number(await step(page).getAttribute("aria-valuenow"));
  expect(await drawn()).toBe(6);
  await page.getByRole("button", { name: "Play" }).click();
  await expect.poll(drawn).toBeGreaterThan(1);
  await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
  await expect(step(page)).toHaveAttribute("aria-valuenow", "6");

  await page.goto("/pisano/500");
  await page.getByRole("button", { name: "Play" }).click();
  await expect.poll(drawn).toBeLessThan(1_500);
  await page.getByRole("button", { name: "Pause" }).click();
  const held = await drawn();
  await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))));
  expect(await drawn()).toBe(held);

  await step(page).press("Home");
  await expect(lines(page)).toHaveCount(0);
  await step(page).press("ArrowRight");
  await step(page).press("ArrowRight");
  await step(page).press("ArrowRight");
  await expect(step(page)).toHaveAttribute("aria-valuetext", "k = 3, F(3) = 2 leaves 2");
  await expect(page.getByText("F(2) = 1 leaves 1")).toBeVisible();
  await expect(lines(page)).toHaveCount(1);
});

test("without motion, play adds whole lines", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto("/pisano/10");
  await page.evaluate(() => {
    const heads: string[] = [];
    Object.assign(window, { heads });
    new MutationObserver(() => {
      const head = document.querySelector("svg circle[class*=head]");
      if (head) {
        heads.push(`${head.getAttribute("cx")} ${head.getAttribute("cy")}`);
      }
    }).observe(document.body, { attributes: true, childList: true, subtree: true });
  });
  await page.getByRole("button", { name: "Play" }).click();
  const heads = () => page.evaluate(() => (window as unknown as { heads: string[] }).heads);
  await expect.poll(async () => new Set(await heads()).size).toBeGreaterThan(3);
  await page.getByRole("button", { name: "Pause" }).click();
  // The head of the line was only ever at a point of the wheel.
  const elsewhere = await page.evaluate(() => {
    const points = new Set(
      [...document.querySelectorAll("svg g[class*=points] circle")].map(
        (point) => `${point.getAttribute("cx")} ${point.getAttribute("cy")}`,
      ),
    );
    return (window as unknown as { heads: string[] }).heads.filter((head) => !points.has(head));
  });
  expect(elsewhere).toEqual([]);
});

test("the pointer names the line that it is on", async ({ page }) => {
  await page.goto("/pisano/10");
  const box = await wheel(page).boundingBox();
  if (box === null) {
    throw new Error("the wheel has no box");
  }
  // Halfway between 0 at the top and 5 at the bottom there is the line of F(15) to F(16), from 0 to 7, or one like it.
  const point = page.locator("svg g[class*=points] circle").first();
  const top = await point.boundingBox();
  await page.mouse.move((top?.x ?? 0) + 4, (top?.y ?? 0) + 4);
  await expect(wheel(page).locator("path[class*=marked]")).toHaveCount(1);
  await expect(page.getByText(/^F\(\d+\) = [\d,]+ leaves \d/)).toHaveCount(2);
  await page.mouse.move(box.x + 2, box.y + 2);
  await expect(wheel(page).locator("path[class*=marked]")).toHaveCount(0);
});

test("the wheel is exported as SVG and PNG", async ({ page }) => {
  await page.goto("/pisano/10");
  const save = async (format: string) => {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: `Download the wheel as ${format}` }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe(`pisano-wheel-10.${format.toLowerCase()}`);
    return readFile(await file.path());
  };
  const svg = (await save("SVG")).toString();
  const copy = await page.evaluate((text) => {
    const { documentElement: root } = new DOMParser().parseFromString(text, "image/svg+xml");
    return {
      name: root.localName,
      points: root.querySelectorAll("circle").length,
      stroke: root.querySelector("path[d]:not([fill-rule=evenodd])")?.getAttribute("stroke"),
      classes: root.querySelectorAll("[class]").length,
    };
  }, svg);
  expect(copy).toEqual({ name: "svg", points: 15, stroke: "rgb(26, 102, 68)", classes: 0 });
  const png = await save("PNG");
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect(png.readUInt32BE(16)).toBe(2_048); // its width
});

test("the reasons are unfolded by keyboard, and printed", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/pisano/10");
  const reason = page.getByText(/^Two neighbouring remainders decide/);
  await expect(reason).toBeHidden();
  await page.getByText("Why?", { exact: true }).first().focus();
  await page.keyboard.press("Enter");
  await expect(reason).toBeVisible();

  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  await expect(page.getByText(/^The remainders modulo 10 repeat as soon as/)).toBeVisible();
  await expect(page.getByText(/0 1 1 2 3 5 8 3 1 4/)).toBeVisible();
  await expect(wheel(page)).toBeVisible();
  await expect(page.getByRole("button").filter({ visible: true })).toHaveCount(0);
  await expect(page.getByRole("slider").filter({ visible: true })).toHaveCount(0);
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
    "rgb(255, 255, 255)",
  );
});

test("in colours that the reader has chosen, lines and points can be seen", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await page.goto("/pisano/10");
  for (const part of [lines(page).first(), wheel(page).locator("g[class*=points] circle").first()]) {
    const [stroke, canvas] = await part.evaluate((element) => [
      getComputedStyle(element).stroke,
      getComputedStyle(document.body).backgroundColor,
    ]);
    expect(stroke).not.toBe(canvas);
  }
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the wheel is accessible and fits 320 px, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    for (const m of [1, 10, 97, 1_000]) {
      await page.goto(`/pisano/${m}`);
      await expect(wheel(page)).toBeVisible();
      await page.getByText("Why?", { exact: true }).first().click();
      await expectAccessible(page);
    }
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto("/pisano/9007199254740991");
    await expect(page.getByText("π(9,007,199,254,740,991) = 4,007,499,600")).toBeVisible();
    await expectNoOverflow(page);
    await expectAccessible(page);
  });
}
