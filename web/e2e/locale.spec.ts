import { calculatedValue, expect, expectAccessible, expectNoOverflow, field, test } from "./fixtures";

// Somebody writes an index as at home and uses the keyboard alone.

const locales = [
  { locale: "de-DE", written: "100.000" },
  { locale: "fr-FR", written: "100\u202f000" },
  { locale: "ar-EG", written: "١٠٠٬٠٠٠" },
  { locale: "en-IN", written: "1,00,000" },
];

const windows = [
  { width: 360, height: 740, colorScheme: "dark" },
  { width: 1_280, height: 900, colorScheme: "light" },
] as const;

for (const { locale, written } of locales) {
  test.describe(locale, () => {
    test.use({ locale });

    for (const { width, height, colorScheme } of windows) {
      test(`${written} is F(100,000), by keyboard at ${width} px, ${colorScheme}`, async ({ page }) => {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height });
        await page.goto("/");
        // This is how the browser itself writes it.
        expect(await page.evaluate(() => new Intl.NumberFormat(navigator.language).format(100_000))).toBe(
          written,
        );
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await page.keyboard.press("/");
        await expect(field(page)).toBeFocused();
        await page.keyboard.insertText(written);
        await expect(page.getByText("F(100,000) has 20,899 digits")).toBeVisible();
        await page.keyboard.press("Enter");
        const panel = page.getByRole("region", { name: "Your number" });
        await expect(panel).toContainText("20,899 digits");
        await expect(calculatedValue(page, "F(100,000)")).toBeVisible();
        await expect(page.getByRole("alert")).toHaveCount(0);
        await expectNoOverflow(page);
        await expectAccessible(page);

        const link = panel.getByRole("link", { name: "F(100,000)", exact: true });
        for (let tabs = 0; !(await link.evaluate((a) => a === document.activeElement)); tabs++) {
          expect(tabs, "links and buttons before it").toBeLessThan(20);
          await page.keyboard.press("Tab");
        }
        await page.keyboard.press("Enter");
        await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
        await expect(page.getByRole("heading", { level: 1 })).toHaveText("F(100,000)");
        await expectNoOverflow(page);

        // The way to a digit takes its position in the same form.
        await page.getByRole("textbox", { name: "Go to digit" }).focus();
        await page.keyboard.insertText(new Intl.NumberFormat(locale).format(20_899));
        await page.keyboard.press("Enter");
        await expect(page).toHaveURL("/values/100000?digit=20899");
        await expectNoOverflow(page);
      });
    }
  });
}
