import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Locator, type Page } from "@playwright/test";
import { Server } from "./server";

export { expect };

interface ServerFixture {
  /** Environment variables of the server, beyond those that every test sets. */
  settings: Record<string, string>;
  /** An empty server for this test alone. */
  server: Server;
}

/** The address of a running Pisano. Without it, each test starts a server of its own. */
const address = process.env.PISANO_URL;

export const test = base.extend<ServerFixture>({
  settings: [{}, { option: true }],
  server: async ({ settings }, use) => {
    const server = await Server.create(settings);
    await use(server);
    await server.remove();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the dependencies of a fixture from the pattern.
  baseURL: address ? ({}, use) => use(address) : ({ server }, use) => use(server.url),
});

export const field = (page: Page): Locator => page.getByRole("textbox", { name: "Index" });
export const seenList = (page: Page): Locator => page.getByRole("region", { name: "Values I have seen" });
export const calculatedList = (page: Page): Locator =>
  page.getByRole("region", { name: "Calculated values" });

/** The row of a term such as "F(10)" in "Values I have seen". */
export const seenRow = (page: Page, term: string): Locator =>
  seenList(page)
    .getByRole("listitem")
    .filter({ has: page.getByText(term, { exact: true }) });

/** The value of a term such as "F(10)" in "Calculated values". */
export const calculatedValue = (page: Page, term: string): Locator =>
  calculatedList(page).getByRole("article", { name: term, exact: true });

export async function submit(page: Page, text: string): Promise<void> {
  await field(page).fill(text);
  await field(page).press("Enter");
}

/**
 * Watches elements from now on, until the page is left. The result tells every text that one of them has had, even for
 * a moment.
 */
export async function watchTexts(page: Page, selector: string): Promise<() => Promise<string[]>> {
  await page.evaluate((selector) => {
    const texts = new Set<string>();
    Object.assign(window, { texts });
    new MutationObserver(() => {
      for (const element of document.querySelectorAll(selector)) {
        texts.add(element.textContent ?? "");
      }
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
  }, selector);
  return () => page.evaluate(() => [...(window as unknown as { texts: Set<string> }).texts]);
}

/** Checks the page as it is now for faults of accessibility. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

/** Checks that the page is not wider than the window. */
export async function expectNoOverflow(page: Page): Promise<void> {
  const excess = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(excess, page.url()).toBe(0);
}
