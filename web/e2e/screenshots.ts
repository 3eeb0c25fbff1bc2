import type { Page } from "@playwright/test";
import { calculatedList, expect, field, submit, test } from "./fixtures";

// Writes a picture of every page, light and dark, of desktop and phone width, to
// test-results/screenshots, and the pictures of the README to docs/images.

const large = 100_000_000;

const pages: Record<string, (page: Page) => Promise<void>> = {
  async home(page) {
    await page.goto("/");
    await expect(calculatedList(page).getByRole("article").first()).toBeVisible();
    await submit(page, "-140");
    await expect(page.getByRole("region", { name: "Your number" })).toContainText("F(−140) is");
    await field(page).fill("50000000");
    await expect(page.getByText("10,449,382 digits")).toBeVisible();
  },
  async number(page) {
    await page.goto("/values/1000");
    await expect(page.getByRole("heading", { level: 1 })).toContainText("F(1,000)");
  },
  async "large-number"(page) {
    await page.goto(`/values/${large}`);
    await expect(page.getByText("20,898,764").first()).toBeVisible();
  },
  async "found-digits"(page) {
    await page.goto("/values/100000?find=999");
    const positions = page.getByRole("list", { name: "Positions of 999" }).getByRole("link");
    await positions.nth(3).click();
    await expect(page.getByText(/^Digits .* are 999\.$/)).toBeVisible();
  },
  async share(page) {
    await page.goto("/values/1000?digit=7");
    await page.getByRole("button", { name: "Share" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
  },
  async embed(page) {
    await page.goto("/embed/values/1000");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  },
  async "number-to-be"(page) {
    await page.goto("/values/123456");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  },
  async explore(page) {
    await page.goto("/explore");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  },
  async presentation(page) {
    await page.goto("/explore");
    await page.getByRole("button", { name: "Present" }).click();
    for (let step = 0; step < 19; step++) {
      await page.keyboard.press("Space");
    }
    await expect(page.getByRole("dialog")).toContainText("20 of");
  },
  async pisano(page) {
    await page.goto("/pisano/10");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  },
  async table(page) {
    await page.goto("/table?from=0&to=40");
    await expect(page.getByRole("row")).toHaveCount(42);
  },
  async otherpage(page) {
    // Without motion, as in pictures, nothing moves through the diagram.
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.goto("/otherpage");
    await page.getByRole("button", { name: "Submit a random index" }).click();
    await page.getByRole("button", { name: /^Replay/ }).click();
    await expect(page.getByRole("region", { name: "Workers" })).toBeVisible();
  },
  async "not-found"(page) {
    await page.goto("/no/such/page");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  },
};

const readme: Record<string, string> = {
  "home-light-1280": "home",
  "large-number-dark-1280": "number",
  "pisano-light-1280": "pisano",
  "explore-dark-1280": "explore",
};

const widths = [1_280, 360];

async function shoot(page: Page, name: string, colorScheme: string, width: number): Promise<void> {
  await page.setViewportSize({ width, height: width === 360 ? 740 : 900 });
  const shot = `${name}-${colorScheme}-${width}`;
  const picture = { animations: "disabled", scale: "css" } as const;
  // Charts take a moment to draw: they are complete once two pictures are equal.
  let last: Uint8Array = Buffer.alloc(0);
  await expect(async () => {
    const before = last;
    last = await page.screenshot({ ...picture, fullPage: true });
    expect(Buffer.compare(last, before)).toBe(0);
  }).toPass({ intervals: [500] });
  await page.screenshot({ ...picture, path: `test-results/screenshots/${shot}.png`, fullPage: true });
  if (readme[shot] !== undefined) {
    await page.screenshot({ ...picture, path: `../docs/images/${readme[shot]}.png` });
  }
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`every page, ${colorScheme}`, async ({ page, server }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto("/");
    await expect(page.getByText("Nothing here yet. Enter an index above")).toBeVisible();
    await field(page).fill("ten");
    for (const width of widths) {
      await shoot(page, "empty", colorScheme, width);
    }

    await server.submit(...Array.from({ length: 61 }, (_, i) => i), 93, -8, -140, 1_000, 100_000, large);
    await expect.poll(() => server.calculated()).toBe(67);
    for (const [name, open] of Object.entries(pages)) {
      for (const width of widths) {
        await open(page);
        await shoot(page, name, colorScheme, width);
      }
    }
  });
}
