import { expect, expectAccessible, expectNoOverflow, field, test } from "./fixtures";
import type { Server } from "./server";
import { type Visitor, visitorOf } from "./visitor";

// The paths of docs/page.md, each in every locale and width, light and dark, by keyboard alone and by pointer.

const visitors = [
  { locale: "de-DE", written: "100.000", width: 360, colorScheme: "dark", by: "keyboard" },
  { locale: "fr-FR", written: "100\u202f000", width: 1_280, colorScheme: "light", by: "keyboard" },
  { locale: "ar-EG", written: "١٠٠٬٠٠٠", width: 360, colorScheme: "light", by: "pointer" },
  { locale: "en-IN", written: "1,00,000", width: 1_280, colorScheme: "dark", by: "pointer" },
] as const;

const paths: Record<string, (visitor: Visitor, server: Server) => Promise<void>> = {
  async "one number, and a link to send"({ page, press, write, submit, number }, server) {
    await page.goto("/");
    await write(field(page), number(10));
    await expect(page.getByText("F(10) is 55.")).toBeVisible();
    await write(field(page), number(100_000));
    await expect(page.getByText("F(100,000) has 20,899 digits")).toBeVisible();
    await submit(field(page));
    const answer = page.getByRole("region", { name: "Your number" });
    await expect(answer).toContainText("20,899 digits");
    await expectNoOverflow(page);
    await press(answer.getByRole("button", { name: "Share" }));
    const dialog = page.getByRole("dialog");
    const link = dialog.getByRole("textbox", { name: "Link", exact: true });
    await expect(link).toHaveValue(`${server.url}/values/100000`);
    await expectNoOverflow(page);
    await press(dialog.getByRole("button", { name: "Close" }));
    await press(answer.getByRole("link", { name: "F(100,000)", exact: true }));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("F(100,000)");
    await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  },

  async "the sequence on a wall, and the wheel of last digits"({ page, press, write, submit, number }) {
    await page.goto("/");
    await press(page.getByRole("banner").getByRole("link", { name: "Explore" }));
    await expect(page.getByRole("img", { name: /^10 squares/ })).toBeVisible();
    await expectNoOverflow(page);
    await press(page.getByRole("button", { name: "Present" }));
    const dialog = page.getByRole("dialog");
    await press(dialog.getByRole("button", { name: "Next →" }));
    await expect(dialog.getByRole("status")).toHaveText("F(3) = F(2) + F(1)");
    await page.keyboard.press("Space");
    await expect(dialog.getByRole("status")).toHaveText("F(4) = F(3) + F(2)");
    await press(dialog.getByRole("button", { name: "Leave" }));
    await expect(dialog).toHaveCount(0);
    await press(page.getByRole("navigation", { name: "More to explore" }).getByText("The Pisano wheel"));
    await expect(page).toHaveURL("/pisano/10");
    await press(page.getByRole("button", { name: "Play" }));
    await press(page.getByRole("button", { name: "Pause" }));
    await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
    const modulus = page.getByRole("textbox", { name: "Modulus" });
    await write(modulus, number(1_000));
    await submit(modulus);
    await expect(page).toHaveURL("/pisano/1000");
    await expect(page.getByText("π(1,000) = 1,500")).toBeVisible();
  },

  async "a table for a spreadsheet"({ page, press, write, submit, number }) {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto("/table");
    const last = page.getByRole("textbox", { name: "To" });
    await write(page.getByRole("textbox", { name: "From" }), number(-1_000));
    await write(last, number(-990));
    await submit(last);
    await expect(page).toHaveURL("/table?from=-1000&to=-990");
    await expect(page.getByRole("row", { name: /^F\(−990\) / })).toBeVisible();
    await press(page.getByRole("button", { name: "Copy table" }));
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toMatch(/^n\tF\(n\)\tdigits.*\n-1000\t-\d{209}\t209\t/s);
  },

  async "what is known of a number, and of the next"({ page, press, write, submit, number }) {
    await page.goto("/values/1000");
    await expect(page.getByText("First 50 digits")).toBeVisible();
    await expectNoOverflow(page);
    await write(field(page), number(1_001));
    await submit(field(page));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("F(1,001)");
    await press(page.getByRole("navigation", { name: "Neighbours" }).getByRole("link", { name: "F(1,002)" }));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("F(1,002)");
    await expect(page.getByText("First 50 digits")).toBeVisible();
  },

  async "what happens to an index, and the API"({ page, press }) {
    await page.goto("/");
    await press(page.getByRole("banner").getByRole("link", { name: "How it works" }));
    await expect(page.getByText("Connected")).toBeVisible();
    await press(page.getByRole("button", { name: "Submit a random index" }));
    await expect(page.getByRole("region", { name: "Activity", exact: true })).toContainText("is ready.");
    await press(page.getByRole("button", { name: /^Replay/ }));
    await expect(page.getByText("In reality it took")).toBeVisible();
    await press(page.getByRole("contentinfo").getByRole("link", { name: "API documentation" }));
    await expect(page).toHaveURL("/api/docs");
    await page.goBack();
    await expect(page.getByText("Connected")).toBeVisible();
  },

  async "a birthday among the digits, and a digit by its position"(
    { page, write, submit, number, date },
    server,
  ) {
    await server.submit(100_000);
    await page.goto("/values/100000");
    const digits = page.getByRole("textbox", { name: "Digits to find" });
    await write(digits, date);
    await submit(digits);
    await expect(page).toHaveURL("/values/100000?find=311299");
    await expect(page.getByRole("region", { name: "Find digits" }).getByRole("status")).toContainText(
      /^311299 /,
    );
    await expectNoOverflow(page);
    const position = page.getByRole("textbox", { name: "Go to digit" });
    await write(position, number(12_345));
    await submit(position);
    await expect(page).toHaveURL("/values/100000?find=311299&digit=12345");
    await expect(page.getByText("Digit 12,345 is")).toBeVisible();
  },
};

for (const { locale, written, width, colorScheme, by } of visitors) {
  test.describe(`${locale}, ${width} px, ${colorScheme}, by ${by}`, () => {
    test.use({ locale, colorScheme, viewport: { width, height: 740 } });

    for (const [name, walk] of Object.entries(paths)) {
      test(name, async ({ page, server }) => {
        await walk(visitorOf(page, locale, by), server);
        await expect(page.getByRole("alert")).toHaveCount(0);
        await expectNoOverflow(page);
        await expectAccessible(page);
      });
    }

    test("the browser writes numbers in the same way", async ({ page }) => {
      expect(visitorOf(page, locale, by).number(100_000)).toBe(written);
      expect(await page.evaluate(() => new Intl.NumberFormat(navigator.language).format(100_000))).toBe(
        written,
      );
    });
  });
}
