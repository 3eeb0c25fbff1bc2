import type { Page } from "@playwright/test";
import { calculatedList, expect, field, submit, test } from "./fixtures";
import { Server } from "./server";

// Writes a picture of every page, light and dark, of desktop and phone width, to
// test-results/screenshots, and the pictures of the README to docs/images.

const large = 100_000_000;

/** Opens the page of a number that the server says to be in a state, which the real one soon leaves. */
async function openInState(page: Page, state: object, sentence: RegExp): Promise<void> {
  await page.route("**/api/values/123457", (route) => route.fulfill({ json: { index: 123_457, ...state } }));
  await page.goto("/values/123457");
  await expect(page.getByText(sentence).first()).toBeVisible();
}

async function openWheel(page: Page, modulus: number): Promise<void> {
  await page.goto(`/pisano/${modulus}`);
  await expect(page.getByRole("img", { name: /on a circle/ })).toBeVisible();
}

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
  async "short-number"(page) {
    await page.goto("/values/10");
    await expect(page.getByText(", calculated in").first()).toBeVisible();
  },
  async "negative-number"(page) {
    await page.goto("/values/-8");
    await expect(page.getByText(", calculated in").first()).toBeVisible();
  },
  async "huge-number"(page) {
    await page.goto(`/values/1${"0".repeat(1_000)}`);
    await expect(page.getByText("beyond what can be calculated and stored")).toBeVisible();
  },
  async "refused-number"(page) {
    await page.goto("/values/1000000000");
    await expect(page.getByText("F(1,000,000,000) is too large for this server.")).toBeVisible();
  },
  "pending-number": (page) => openInState(page, { state: "pending" }, /in the queue/),
  "failed-number": (page) =>
    openInState(page, { state: "failed", reason: "The worker ran out of memory." }, /ran out of memory/),
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
  pisano: (page) => openWheel(page, 10),
  "pisano-89": (page) => openWheel(page, 89),
  "pisano-97": (page) => openWheel(page, 97),
  "pisano-1000": (page) => openWheel(page, 1_000),
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

const picture = {
  animations: "disabled",
  scale: "css",
  // Rows of lists are drawn out of sight, too.
  style: "* { content-visibility: visible !important; }",
} as const;

/** The whole page, or the window where a dialog covers the page. */
async function capture(page: Page, path?: string): Promise<Uint8Array> {
  const fullPage = (await page.locator("dialog[open]").count()) === 0;
  return page.screenshot({ ...picture, fullPage, ...(path !== undefined && { path }) });
}

async function resize(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: width === 360 ? 740 : 900 });
}

async function save(page: Page, shot: string): Promise<void> {
  await capture(page, `test-results/screenshots/${shot}.png`);
  if (readme[shot] !== undefined) {
    await page.screenshot({ ...picture, path: `../docs/images/${readme[shot]}.png` });
  }
}

async function shoot(page: Page, name: string, colorScheme: string, width: number): Promise<void> {
  await resize(page, width);
  // Charts take a moment to draw: they are complete once two pictures are equal.
  let last: Uint8Array = Buffer.alloc(0);
  await expect(async () => {
    const before = last;
    last = await capture(page);
    expect(Buffer.compare(last, before)).toBe(0);
  }).toPass({ intervals: [500] });
  await save(page, `${name}-${colorScheme}-${width}`);
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`every page, ${colorScheme}`, async ({ page, server }) => {
    test.setTimeout(2_400_000); // a hang alone takes longer
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

test.describe("where large indices are accepted", () => {
  test.use({ settings: { PISANO_MAX_INDEX: "1000000000", PISANO_CONCURRENCY: "1", GOMAXPROCS: "1" } });

  for (const colorScheme of ["light", "dark"] as const) {
    test(`how it works under load, with a worker that was killed, ${colorScheme}`, async ({
      page,
      server,
      settings,
    }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.goto("/otherpage");
      const workers = page.getByRole("region", { name: "Workers" }).locator("tbody tr");
      await expect(workers).toHaveCount(1);
      const other = await Server.create({ ...settings, PISANO_DATA: server.dataFile });
      try {
        await expect(workers).toHaveCount(2);
        await server.submit(...Array.from({ length: 150 }, (_, i) => 1_000 + i));
        await expect.poll(() => server.calculated()).toBe(150);
        await server.submit(900_000_001, 900_000_002, 900_000_003, 900_000_004);
        const log = page.getByRole("region", { name: "Activity", exact: true });
        await expect(log.getByText("is being calculated")).toHaveCount(2);
        await other.kill();
        await expect(workers.filter({ hasText: "missed" })).toBeVisible();
        // The page does not come to rest, so each picture is of its moment.
        for (const width of widths) {
          await resize(page, width);
          await save(page, `otherpage-busy-${colorScheme}-${width}`);
        }
      } finally {
        await other.remove();
      }
    });
  }
});
