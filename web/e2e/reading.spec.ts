import type { Page } from "@playwright/test";
import { expect, field, submit, test, watchTexts } from "./fixtures";

const paths = [
  "/",
  "/?n=1000",
  "/values/1000",
  "/values/-99999999",
  "/values/77777",
  `/values/${"123456789".repeat(111)}`,
  "/explore",
  "/pisano/97",
  "/table?from=990&to=1000",
  "/otherpage",
  "/no/such",
];

async function open(page: Page, path: string) {
  await page.goto(path);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.evaluate(() => document.fonts.ready);
}

/** What sticks out of the window at the side, or is cut off. */
async function expectReflow(page: Page) {
  const { excess, wide } = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const wide = [...document.querySelectorAll("main *, header *, footer *")]
      .filter(
        (element) => element.getBoundingClientRect().right > width + 1 && element.getClientRects().length > 0,
      )
      .filter((element) => element.closest("[data-token], [data-sample], svg, section[tabindex]") === null)
      .map((element) => element.outerHTML.slice(0, 80));
    return { excess: document.documentElement.scrollWidth - width, wide };
  });
  expect({ url: page.url(), excess, wide }).toEqual({ url: page.url(), excess: 0, wide: [] });
}

test("at 320 px everything is in one column", async ({ page, server }) => {
  await server.submit(1_000);
  await page.setViewportSize({ width: 320, height: 640 });
  for (const path of paths) {
    await open(page, path);
    await expectReflow(page);
  }
});

test("text of twice the size loses nothing", async ({ page, server }) => {
  await server.submit(1_000);
  await page.addInitScript(() => {
    document.addEventListener("DOMContentLoaded", () => {
      document.documentElement.style.fontSize = "200%";
    });
  });
  for (const width of [1_280, 640]) {
    await page.setViewportSize({ width, height: 800 });
    for (const path of paths) {
      await open(page, path);
      await expectReflow(page);
    }
  }
});

/** The contrast of two colours of the page, as in WCAG. */
async function contrast(page: Page, selector: string, property: string, against: string): Promise<number> {
  return page
    .locator(selector)
    .first()
    .evaluate(
      (element, [property, against]) => {
        function luminance(color: string): number {
          const canvas = document.createElement("canvas").getContext("2d");
          if (canvas === null) {
            return 0;
          }
          canvas.fillStyle = color;
          canvas.fillRect(0, 0, 1, 1);
          const [r = 0, g = 0, b = 0] = [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)].map(
            (channel) => {
              const share = channel / 255;
              return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
            },
          );
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        }
        const root = getComputedStyle(document.documentElement);
        const color = getComputedStyle(element).getPropertyValue(property ?? "");
        const [a, b] = [luminance(color), luminance(root.getPropertyValue(against ?? ""))];
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      },
      [property, against],
    );
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`borders of fields and the spiral have a contrast of 3:1, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto("/");
    for (const surface of ["--page", "--surface"]) {
      expect(await contrast(page, "input", "border-top-color", surface)).toBeGreaterThanOrEqual(3);
    }
    // The line is told from each square by a halo, so what counts is the contrast to that.
    expect(await contrast(page, "path[class*=spiral]", "stroke", "--page")).toBeGreaterThanOrEqual(3);
    expect(await page.locator("path[class*=halo]").count()).toBe(1);
  });
}

test("with colours that the reader has chosen, everything can be told apart", async ({ page, server }) => {
  await server.submit(1_000);
  await page.emulateMedia({ forcedColors: "active" });
  await page.goto("/values/1000?digit=100");
  const mark = page.locator("mark");
  await expect(mark).toBeVisible();
  const colors = await mark.evaluate((element) => {
    const style = getComputedStyle(element);
    return [style.color, style.backgroundColor];
  });
  expect(colors[0]).not.toBe(colors[1]);
  // Bars and lines are drawn in colours of the system.
  const bar = page
    .getByRole("img", { name: /^Bar chart/ })
    .locator("rect")
    .first();
  await expect(bar).toBeVisible();
  const [stroke, canvas] = await bar.evaluate((element) => [
    getComputedStyle(element).stroke,
    getComputedStyle(document.body).backgroundColor,
  ]);
  expect(stroke).not.toBe(canvas);
  await expect(page.getByRole("link", { name: "Numbers" })).toHaveCSS("text-decoration-line", "none");
  await page.getByRole("link", { name: "Explore" }).click();
  await expect(page.getByRole("link", { name: "Explore" })).toHaveCSS("text-decoration-line", "underline");
});

/** What carries meaning by its colour alone, on each page. */
const drawn: [
  path: string,
  prepare: (page: Page) => Promise<void>,
  parts: [selector: string, property: string, pseudo?: string][],
][] = [
  [
    "/",
    async () => undefined,
    [
      ["[class*=squares] rect", "stroke"],
      ["path[class*=spiral]", "stroke"],
      ["input[data-index-field]", "border-top-color"],
    ],
  ],
  [
    "/explore",
    (page) => page.getByRole("slider", { name: "Points" }).first().press("End"),
    [
      ["[class*=squares] rect", "stroke"],
      ["path[class*=spiral]", "stroke"],
      ["[class*=dots] circle", "fill"],
      ["circle[class*=ring][cx]", "stroke"],
      ["figure path[class*=line]", "stroke"],
      ["[class*=legend] [data-shape=dot]", "background-color", "::before"],
      ["[class*=legend] [data-shape=line]", "background-color", "::before"],
      ["[class*=points] circle", "stroke"],
    ],
  ],
  [
    "/values/1000",
    async (page) => expect(page.getByRole("img", { name: /^Tiles/ })).toBeVisible(),
    [
      ["[class*=zeckendorf] [data-lit=true]", "background-color"],
      ["[class*=zeckendorf] [data-lit=false]", "border-top-color"],
    ],
  ],
  [
    "/otherpage",
    async (page) => {
      await page.getByRole("button", { name: "Submit a random index" }).click();
      await page.getByRole("button", { name: /^Replay/ }).click();
      await expect(page.locator("[class*=moment][data-passed=true]").first()).toBeVisible();
    },
    [
      ["[class*=links] path", "stroke"],
      ["[class*=card]", "border-top-color"],
      ["[class*=status]", "border-top-color", "::before"],
      ["[class*=bars] rect", "fill"],
      ["[class*=played]", "background-color"],
      ["[class*=moment]", "border-top-color"],
    ],
  ],
];

for (const [path, prepare, parts] of drawn) {
  test(`with colours that the reader has chosen, drawings and marks of ${path} are seen`, async ({
    page,
  }) => {
    await page.emulateMedia({ forcedColors: "active" });
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await prepare(page);
    for (const [selector, property, pseudo] of parts) {
      const part = page.getByRole("main").locator(selector).first();
      await expect(part).toBeAttached();
      const colors = await part.evaluate(
        (element, [property, pseudo]) => {
          const canvas = getComputedStyle(document.body).backgroundColor;
          const color = getComputedStyle(element, pseudo).getPropertyValue(property);
          return { canvas, color };
        },
        [property, pseudo] as const,
      );
      expect(["none", "rgba(0, 0, 0, 0)", colors.canvas], selector).not.toContain(colors.color);
    }
  });
}

test("with colours that the reader has chosen, what is played of a replay is told from the rest", async ({
  page,
}) => {
  await page.emulateMedia({ forcedColors: "active" });
  await page.goto("/otherpage");
  await page.getByRole("button", { name: "Submit a random index" }).click();
  await page.getByRole("button", { name: /^Replay/ }).click();
  const played = page.getByRole("main").locator("[class*=played]");
  const colors = await played.evaluate((element) =>
    [element, element.parentElement ?? element].map((part) => getComputedStyle(part).backgroundColor),
  );
  expect(colors[0]).not.toBe(colors[1]);
});

test("live regions say the answer", async ({ page }) => {
  await page.goto("/");
  const said = await watchTexts(page, "[role=status], [aria-live=polite]");
  await field(page).fill("10");
  await expect.poll(said).toContain("F(10) is 55.");
  await submit(page, "1000");
  await expect.poll(said).toContain("F(1,000) has 209 digits and begins with 4346655768.");
});
