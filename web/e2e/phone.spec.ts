import { expect, expectNoOverflow, field, submit, test } from "./fixtures";

test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

/** What a keyboard on the screen leaves of it. */
const aboveKeyboard = 430;

const answer = { name: "Your number" };

test("a phone brings up digits, and the sign has a key of its own", async ({ page }) => {
  await page.goto("/");
  await expect(field(page)).toHaveAttribute("inputmode", "numeric");
  await field(page).fill("8");
  await page.getByRole("button", { name: "Change the sign" }).tap();
  await expect(field(page)).toHaveValue("−8");
  await expect(field(page)).toBeFocused();
  await expect(page.getByText("F(−8) is −21.")).toBeVisible();
});

test("the ends of a table bring up digits too, each with a key for its sign", async ({ page }) => {
  await page.goto("/table");
  const from = page.getByRole("textbox", { name: "From" });
  await expect(from).toHaveAttribute("inputmode", "numeric");
  await from.fill("8");
  await page.getByRole("button", { name: "Change the sign of From" }).tap();
  await expect(from).toHaveValue("−8");
  await expectNoOverflow(page);
  await page.getByRole("button", { name: "Show", exact: true }).tap();
  await expect(page).toHaveURL("/table?from=-8&to=100");
});

for (const text of ["10", "1000", "-8", "100000"]) {
  test(`the answer to ${text} is in sight, directly under the field`, async ({ page }) => {
    await page.goto("/");
    await submit(page, text);
    const panel = page.getByRole("region", answer);
    await expect(panel.getByRole("article")).toBeVisible();
    await expect
      .poll(async () => {
        const box = await panel.boundingBox();
        return box !== null && box.y >= 0 && box.y + Math.min(box.height, 150) <= aboveKeyboard;
      })
      .toBe(true);
    // The keyboard is gone, and nothing is between the field and the answer but what is said of the index.
    await expect(field(page)).not.toBeFocused();
    await expect(page.getByText("Which one would you like?")).toBeHidden();
  });
}

test("the answer of the first page survives a reload and the way back", async ({ page }) => {
  await page.goto("/");
  await submit(page, "1000");
  const panel = page.getByRole("region", answer);
  await expect(panel).toContainText("109 more digits");
  await page.reload();
  await expect(panel).toContainText("109 more digits");
  await panel.getByRole("link", { name: "F(1,000)" }).tap();
  await expect(page).toHaveURL("/values/1000");
  await page.goBack();
  await expect(panel).toContainText("109 more digits");
});

test("a finger on the digits scrolls the page, and buttons scroll the digits", async ({ page, server }) => {
  await server.submit(100_000);
  await page.goto("/values/100000");
  const viewer = page.getByRole("group", { name: "Digits of F(100,000)" });
  await expect(viewer).toBeVisible();
  await viewer.scrollIntoViewIfNeeded();
  const box = await viewer.boundingBox();
  const session = await page.context().newCDPSession(page);
  const before = await page.evaluate(() => window.scrollY);
  await session.send("Input.synthesizeScrollGesture", {
    x: 180,
    y: (box?.y ?? 0) + (box?.height ?? 0) / 2,
    yDistance: -300,
  });
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(before + 100);
  expect(await viewer.evaluate(({ scrollTop }) => scrollTop)).toBe(0);

  await page.getByRole("button", { name: "Next", exact: true }).tap();
  await expect.poll(() => viewer.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(100);
  await page.getByRole("button", { name: "Back", exact: true }).tap();
  await expect.poll(() => viewer.evaluate(({ scrollTop }) => scrollTop)).toBe(0);
});

test("a finger on the spiral scrolls the page, and two enlarge the spiral alone", async ({ page }) => {
  await page.goto("/explore");
  const panel = page.getByRole("region", { name: "It winds into a spiral" });
  const picture = panel.getByRole("img");
  await picture.evaluate((element) => element.scrollIntoView({ block: "center" }));
  const session = await page.context().newCDPSession(page);
  const middle = async () => {
    const { x, y, width, height } = (await picture.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    return { x: x + width / 2, y: y + height / 2 };
  };
  const before = await page.evaluate(() => window.scrollY);
  await session.send("Input.synthesizeScrollGesture", { ...(await middle()), yDistance: -80 });
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(before + 40);
  await expect(panel).toContainText("Zoom 1×");

  await session.send("Input.synthesizePinchGesture", { ...(await middle()), scaleFactor: 3 });
  await expect(panel).not.toContainText("Zoom 1×");
  expect(await page.evaluate(() => window.visualViewport?.scale)).toBe(1);
  await panel.getByRole("button", { name: "Reset the zoom" }).tap();
  await expect(panel).toContainText("Zoom 1×");
});

test("a finger near a point of a chart names it", async ({ page }) => {
  await page.goto("/explore");
  const panel = page.getByRole("region", { name: "It grows exponentially" });
  const dot = panel.locator("circle").nth(96);
  await dot.scrollIntoViewIfNeeded();
  const { x, y } = (await dot.boundingBox()) ?? { x: 0, y: 0 };
  await page.touchscreen.tap(x + 12, y - 8);
  await expect(panel.getByText("F(100,000) has 20,899 digits.", { exact: true })).toBeVisible();
});
