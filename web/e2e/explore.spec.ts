import type { Locator, Page, Request } from "@playwright/test";
import { expect, expectAccessible, expectNoOverflow, test } from "./fixtures";

const panel = (page: Page, name: string): Locator => page.getByRole("region", { name, exact: true });
const spiral = (page: Page) => panel(page, "It winds into a spiral");
const growth = (page: Page) => panel(page, "It grows exponentially");
const ratio = (page: Page) => panel(page, "It approaches the golden ratio");

/** Checks that the numbers of the squares are within them, and within the picture. */
async function expectLabelsInside(page: Page): Promise<void> {
  const outside = await spiral(page)
    .locator("svg g:has(text)")
    .evaluateAll((squares) =>
      squares
        .filter((square) => {
          const label = square.querySelector("text")?.getBoundingClientRect() ?? new DOMRect();
          return [square.querySelector("rect"), square.closest("svg")].some((around) => {
            const box = around?.getBoundingClientRect() ?? new DOMRect();
            return (
              label.left < box.left ||
              label.right > box.right ||
              label.top < box.top ||
              label.bottom > box.bottom
            );
          });
        })
        .map((square) => square.textContent),
    );
  expect(outside).toEqual([]);
}

test("everything is drawn at once, without a button or a request for a value", async ({ page }) => {
  const requested: string[] = [];
  page.on("request", (request) => requested.push(new URL(request.url()).pathname));
  await page.goto("/explore");
  await expect(page).toHaveTitle("Explore · Pisano");
  await expect(spiral(page).getByRole("img", { name: /^10 squares/ })).toBeVisible();
  await expect(growth(page)).toContainText("F(100,000,000) has 20,898,764 digits");
  await expect(ratio(page)).toContainText("F(93) / F(92) agrees with φ to 38 decimal places.");
  await expect(page.getByRole("button", { name: /Calculate/ })).toHaveCount(0);
  expect(requested.filter((path) => /^\/api\/(values|indices|numbers)/.test(path))).toEqual([]);
});

test("everything is drawn while the server is down", async ({ page, server }) => {
  const loading = new Set<Request>();
  const loaded: string[] = [];
  page.on("request", (request) => request.resourceType() === "script" && loading.add(request));
  page.on("requestfinished", (request) => loading.delete(request) && loaded.push(request.url()));
  await page.goto("/");
  // The page is loaded in advance, with the scripts that it imports.
  await expect
    .poll(() => [loaded.some((url) => url.includes("ExplorePage")), loading.size])
    .toEqual([true, 0]);
  await server.stop();
  await page.getByRole("link", { name: "Explore" }).click();
  await expect(spiral(page).getByRole("img", { name: /^10 squares/ })).toBeVisible();
  await expect(growth(page).getByRole("img")).toBeVisible();
  await expect(ratio(page).getByRole("img")).toBeVisible();
});

test("the spiral grows by the arrow keys, and its labels stay within their squares", async ({ page }) => {
  await page.goto("/explore");
  const slider = page.getByRole("slider", { name: "Squares: 10" });
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  await expect(spiral(page).getByRole("img", { name: /^11 squares/ })).toBeVisible();
  await expect(spiral(page)).toContainText(
    "F(11) = 89. The 11 squares together form a rectangle of 144 by 89.",
  );
  await page.keyboard.press("End");
  await expect(spiral(page)).toContainText("F(30) = 832,040.");
  await expectLabelsInside(page);
  await page.keyboard.press("Home");
  await expect(spiral(page).getByRole("img", { name: /^A square/ })).toBeVisible();
  await spiral(page).getByRole("link", { name: "F(1)" }).click();
  await expect(page).toHaveURL("/values/1");
});

/** Watches the spiral from now on. The result tells how far it was turned in each frame, and which numbers ever left their squares. */
async function watchSpiral(page: Page) {
  const picture = spiral(page).getByRole("img");
  await picture.evaluate((svg) => {
    const seen = { angles: [] as number[], outside: [] as string[] };
    Object.assign(window, { seen });
    new MutationObserver(() => {
      const [, angle] =
        /rotate\((.*)\)/.exec(svg.querySelector("rect")?.getAttribute("transform") ?? "") ?? [];
      seen.angles.push(Number(angle));
      for (const label of svg.querySelectorAll("text")) {
        const square = label.parentElement?.querySelector("rect");
        const toSquare = square?.getScreenCTM()?.inverse();
        const box = label.getBoundingClientRect();
        for (const x of [box.left, box.right]) {
          for (const y of [box.top, box.bottom]) {
            const corner = new DOMPoint(x, y).matrixTransform(toSquare);
            if (square?.isPointInFill(corner) !== true) {
              seen.outside.push(`${label.textContent} at ${angle}°`);
            }
          }
        }
      }
    }).observe(svg, { attributes: true, childList: true, subtree: true });
  });
  return () =>
    page.evaluate(() => (window as unknown as { seen: { angles: number[]; outside: string[] } }).seen);
}

test("a step turns the spiral to its next view, with upright numbers in their squares", async ({ page }) => {
  await page.goto("/explore");
  const seen = await watchSpiral(page);
  const slider = spiral(page).getByRole("slider");
  await slider.press("ArrowRight");
  await expect.poll(async () => (await seen()).angles.at(-1)).toBe(630);
  await slider.press("ArrowLeft");
  await expect.poll(async () => (await seen()).angles.at(-1)).toBe(540);
  const { angles, outside } = await seen();
  expect(angles.filter((angle) => angle > 540 && angle < 630).length).toBeGreaterThan(2);
  expect(outside).toEqual([]);
  await expectLabelsInside(page);
});

test("a step is at once where something is enlarged, and for readers who prefer no motion", async ({
  page,
}) => {
  const expectNoMotion = async () => {
    const seen = await watchSpiral(page);
    await spiral(page).getByRole("slider").press("ArrowRight");
    await expect.poll(async () => (await seen()).angles.at(-1)).toBe(630);
    expect(new Set((await seen()).angles)).toEqual(new Set([630]));
  };
  await page.goto("/explore");
  await spiral(page).getByRole("button", { name: "Zoom in" }).click();
  await expect(spiral(page)).toContainText("Zoom 2×");
  await expectNoMotion();
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto("/explore");
  await expectNoMotion();
});

test("the spiral is enlarged by the wheel with Ctrl, which scrolls the page without it", async ({ page }) => {
  await page.goto("/explore");
  const picture = spiral(page).getByRole("img", { name: /^10 squares/ });
  const place = (text: string) => picture.getByText(text, { exact: true }).boundingBox();
  const before = await place("21");
  await picture.hover({ position: { x: 100, y: 100 } });
  await page.mouse.wheel(0, 60);
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(60);
  await expect(spiral(page)).toContainText("Zoom 1×");

  await page.mouse.move((before?.x ?? 0) + 5, (before?.y ?? 0) - 60 + 5);
  await page.keyboard.down("Control");
  for (const zoom of ["2×", "4×"]) {
    await page.mouse.wheel(0, -100);
    await expect(spiral(page)).toContainText(`Zoom ${zoom}`);
    await expectLabelsInside(page);
  }
  await page.keyboard.up("Control");
  expect(await page.evaluate(() => [window.scrollY, window.visualViewport?.scale])).toEqual([60, 1]);
  // What the pointer was on is still there.
  await expect(picture.getByText("21", { exact: true })).toBeVisible();

  const dragged = await place("21");
  await page.mouse.down();
  await page.mouse.move((before?.x ?? 0) + 5, (before?.y ?? 0) - 60 - 20, { steps: 5 });
  await page.mouse.up();
  await expect.poll(async () => (await place("21"))?.y ?? Infinity).toBeLessThan(dragged?.y ?? 0);
  await spiral(page).getByRole("button", { name: "Reset the zoom" }).click();
  await expect(spiral(page)).toContainText("Zoom 1×");
  await picture.dblclick({ position: { x: 100, y: 100 } });
  await expect(spiral(page)).toContainText("Zoom 2×");
});

test("the spiral is enlarged by keys, down to its smallest squares", async ({ page }) => {
  await page.goto("/explore");
  await spiral(page).getByRole("slider").press("End");
  await spiral(page)
    .getByRole("group", { name: /^Spiral/ })
    .focus();
  const zoomIn = spiral(page).getByRole("button", { name: "Zoom in" });
  while ((await zoomIn.getAttribute("aria-disabled")) !== "true") {
    await expectLabelsInside(page);
    await page.keyboard.press("+");
  }
  await expect(spiral(page)).toContainText("Zoom 208,000×");
  const labels = spiral(page).locator("svg text");
  await expect(labels).toHaveText(["1", "1", "2", "3", "5", "8"]);
  for (let quarter = 0; quarter < 4; quarter++) {
    await page.keyboard.press("ArrowRight");
  }
  await expect(labels.filter({ hasText: /^[123]$/ })).toHaveCount(0);
  await expectLabelsInside(page);
  await page.keyboard.press("0");
  await expect(spiral(page)).toContainText("Zoom 1×");
  // Where nothing is enlarged, the arrow keys scroll the page.
  const scrolled = await page.evaluate(() => window.scrollY);
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(scrolled);
});

/** Goes by keys to a point of a chart, counted from 0. */
async function choosePoint(panel: Locator, position: number): Promise<void> {
  const points = panel.getByRole("slider", { name: "Points" });
  await points.press("Home");
  for (let at = 10; at <= position; at += 10) {
    await points.press("PageUp");
  }
  for (let at = 0; at < position % 10; at++) {
    await points.press("ArrowRight");
  }
}

test("growth is drawn on log or on linear scales, chosen by keyboard, and its labels are right on both", async ({
  page,
}) => {
  await page.goto("/explore");
  const chart = growth(page).getByRole("img");
  /** Goes to a point, and tells how far it is from the labels of its coordinates. */
  const distances = async (position: number, sentence: string, { x, y }: { x?: string; y?: string }) => {
    await choosePoint(growth(page), position);
    await expect(growth(page).getByText(sentence, { exact: true })).toBeVisible();
    return chart.evaluate(
      (svg, [x, y]) => {
        const labels = [...svg.querySelectorAll("text")];
        const at = (element: Element | null | undefined, name: string) => Number(element?.getAttribute(name));
        const ring = svg.querySelector("circle[class*=ring]");
        // The labels beside the drawing come first.
        const beside = y === undefined ? ring : labels.find(({ textContent }) => textContent === y);
        const below = x === undefined ? ring : labels.findLast(({ textContent }) => textContent === x);
        return [
          Math.abs(at(ring, "cx") - at(below, below === ring ? "cx" : "x")),
          Math.abs(at(ring, "cy") - at(beside, beside === ring ? "cy" : "y")),
        ].map(Math.round);
      },
      [x, y],
    );
  };

  await expect(chart).toHaveAccessibleName(/both on log scales, from F\(1\) to F\(100,000,000\)/);
  expect(await distances(0, "F(1) has 1 digit.", { x: "1", y: "1" })).toEqual([0, 0]);
  expect(await distances(44, "F(45) has 10 digits.", { y: "10" })).toEqual([0, 0]);
  expect(await distances(95, "F(10,000) has 2,090 digits.", { x: "10K" })).toEqual([0, 0]);
  await growth(page).getByRole("radio", { name: "Log" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(growth(page).getByRole("radio", { name: "Linear" })).toBeChecked();
  await expect(chart).toHaveAccessibleName(/both on linear scales, from F\(1\) to F\(93\)/);
  await expect(growth(page)).toContainText("F(93) has 20 digits");
  expect(await distances(24, "F(25) has 5 digits.", { x: "25", y: "5" })).toEqual([0, 0]);
  expect(await distances(72, "F(73) has 15 digits.", { y: "15" })).toEqual([0, 0]);
  await growth(page).getByRole("radio", { name: "Linear" }).press("ArrowLeft");
  await expect(growth(page)).toContainText("F(100,000,000) has 20,898,764 digits");
});

test("the points of the charts are named where the mouse is near, and by the arrow keys", async ({
  page,
}) => {
  await page.goto("/explore");
  const hint = /^Point at a dot, or use the arrow keys/;
  await expect(growth(page).getByText(hint)).toBeVisible();
  const dot = growth(page).locator("circle").nth(95);
  await dot.scrollIntoViewIfNeeded();
  const { x, y } = (await dot.boundingBox()) ?? { x: 0, y: 0 };
  await page.mouse.move(x + 12, y - 8);
  const sentence = growth(page).getByText("F(10,000) has 2,090 digits.", { exact: true });
  await expect(sentence).toBeVisible();
  await page.mouse.move(0, 0);
  await expect(sentence).toHaveCount(0);
  await expect(growth(page).getByText(hint)).toBeVisible();

  await choosePoint(ratio(page), 9);
  await expect(ratio(page).getByText("F(11) / F(10) is 1.5 × 10⁻⁴ above φ.")).toBeVisible();
  await expect(ratio(page).locator("circle[class*=ring]")).toHaveCount(1);
});

test("the spiral plays to its end, and can be paused", async ({ page }) => {
  await page.goto("/explore");
  const play = spiral(page).getByRole("button", { name: "Play" });
  const squares = (count: number) => spiral(page).getByRole("img", { name: new RegExp(`^${count} squares`) });
  await play.click();
  await expect(spiral(page).getByRole("img", { name: /^(1[1-9]|2\d|30) squares/ })).toBeVisible();
  await spiral(page).getByRole("button", { name: "Pause" }).click();
  await spiral(page).getByRole("slider").focus();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  await expect(squares(29)).toBeVisible();
  await play.click();
  await expect(squares(30)).toBeVisible();
  await expect(play).toBeVisible();
});

test("it is presented by keyboard, in large type, and left by Escape", async ({ page }) => {
  await page.goto("/explore");
  await page.getByRole("button", { name: "Present" }).press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  await expect(dialog).toContainText("F(2) = F(1) + F(0)");
  for (const [key, text] of [
    ["Space", "F(3) = F(2) + F(1)"],
    ["ArrowRight", "F(4) = F(3) + F(2)"],
    ["PageDown", "F(5) = F(4) + F(3)"],
    ["ArrowLeft", "F(4) = F(3) + F(2)"],
    ["End", "After 60 lines it is back where it began."],
    ["Space", "After 60 lines it is back where it began."],
    ["Home", "F(2) = F(1) + F(0)"],
  ] as const) {
    await page.keyboard.press(key);
    await expect(dialog.getByRole("status")).toHaveText(text);
  }
  const box = await dialog.boundingBox();
  expect(box).toMatchObject({ x: 0, y: 0, width: await page.evaluate(() => innerWidth) });
  // The browser has Escape leave the full screen, where it is one; a page cannot be sent that key then.
  await page.evaluate(() => document.fullscreenElement && document.exitFullscreen());
  if (await dialog.isVisible()) {
    await page.keyboard.press("Escape");
  }
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Present" })).toBeFocused();
});

for (const { width, height } of [
  { width: 1_280, height: 720 },
  { width: 1_920, height: 1_080 },
]) {
  test(`nothing of the presentation is below the edge of ${width} × ${height}, and its text has 24 px`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height });
    await page.goto("/explore");
    await page.getByRole("button", { name: "Present" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toBeVisible();
    const next = dialog.getByRole("button", { name: "Next →" });
    for (;;) {
      const { excess, small } = await dialog.evaluate((element) => ({
        excess: element.scrollHeight - element.clientHeight,
        // The browser shows titles itself.
        small: [...element.querySelectorAll(":not(title)")]
          .filter((part) =>
            [...part.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()),
          )
          .filter((part) => {
            const drawing = part instanceof SVGElement ? part.closest("svg") : null;
            const scale =
              drawing === null ? 1 : drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width;
            return Number.parseFloat(getComputedStyle(part).fontSize) * scale < 23.5;
          })
          // The smallest squares have smaller numbers, which are also in the text.
          .filter((part) => part.parentElement?.querySelector(":scope > rect") === null)
          .map((part) => part.outerHTML.slice(0, 80)),
      }));
      const text = (await dialog.getByRole("status").textContent()) ?? "";
      expect({ text, excess }).toEqual({ text, excess: 0 });
      expect(small).toEqual([]);
      if ((await next.getAttribute("aria-disabled")) === "true") {
        break;
      }
      await page.keyboard.press("Space");
      await expect(dialog.getByRole("status")).not.toHaveText(text);
    }
  });
}

test("the charts have their numbers as tables with links to the numbers", async ({ page }) => {
  await page.goto("/explore");
  await growth(page).getByText("Show the numbers").click();
  const row = growth(page).getByRole("row", { name: "F(1,000) 209" });
  await expect(row).toBeVisible();
  await ratio(page).getByText("Show the numbers").click();
  await expect(ratio(page).getByRole("row", { name: "F(10) 1.6181818181818181818181818" })).toBeVisible();
  await row.getByRole("link", { name: "F(1,000)" }).click();
  await expect(page).toHaveURL("/values/1000");
});

test("at 360 px nothing overflows", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto("/explore");
  await ratio(page).getByText("Show the numbers").click();
  await expect(ratio(page).getByRole("table")).toBeVisible();
  await expectNoOverflow(page);
  await growth(page).getByRole("radio", { name: "Linear" }).check();
  await spiral(page).getByRole("button", { name: "Zoom in" }).click();
  await expectLabelsInside(page);
  await expectNoOverflow(page);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`it is accessible, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto("/explore");
    await growth(page).getByText("Show the numbers").click();
    await expect(growth(page).getByRole("table")).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Present" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectAccessible(page);
  });
}
