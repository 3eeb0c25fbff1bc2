import type { Locator, Page } from "@playwright/test";
import { expect } from "./fixtures";

/** Somebody with a task: how they reach what is on the page, and how they write. */
export interface Visitor {
  page: Page;
  /** Follows a link or presses a button. */
  press(target: Locator): Promise<void>;
  /** Writes into a field, in place of what it has. */
  write(field: Locator, text: string): Promise<void>;
  /** Submits the form of a field that was written into. */
  submit(field: Locator): Promise<void>;
  /** A number as it is written at home. */
  number(n: number): string;
  /** The last day of 1999 as it is written at home. */
  date: string;
}

export function visitorOf(page: Page, locale: string, by: "keyboard" | "pointer"): Visitor {
  const reach = by === "keyboard" ? (target: Locator) => tabTo(page, target) : (t: Locator) => t.click();
  return {
    page,
    async press(target) {
      await reach(target);
      if (by === "keyboard") {
        await page.keyboard.press("Enter");
      }
    },
    async write(field, text) {
      await reach(field);
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.insertText(text);
    },
    async submit(field) {
      if (by === "keyboard") {
        await page.keyboard.press("Enter");
      } else {
        await page.locator("form").filter({ has: field }).locator("button[type=submit]").click();
      }
    },
    number: (n) => new Intl.NumberFormat(locale).format(n),
    date: new Intl.DateTimeFormat(locale, { day: "2-digit", month: "2-digit", year: "2-digit" }).format(
      new Date(1999, 11, 31),
    ),
  };
}

/** Goes to an element with the Tab key, forwards or backwards. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let tabs = 0; ; tabs++) {
    const key = await target.evaluate((element) => {
      const { activeElement } = document;
      if (activeElement === element) {
        return undefined;
      }
      const from = activeElement?.compareDocumentPosition(element) ?? Node.DOCUMENT_POSITION_FOLLOWING;
      return from & Node.DOCUMENT_POSITION_FOLLOWING ? "Tab" : "Shift+Tab";
    });
    if (key === undefined) {
      return;
    }
    expect(tabs, "links and buttons on the way").toBeLessThan(60);
    await page.keyboard.press(key);
  }
}
