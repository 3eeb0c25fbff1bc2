import { test as base, type Locator, type Page } from "@playwright/test";
import { Server } from "./server";

export { expect } from "@playwright/test";

interface ServerFixture {
  /** Environment variables of the server, beyond those that every test sets. */
  settings: Record<string, string>;
  /** A server of this test's own, with nothing in it. */
  server: Server;
}

/** A Pisano that runs already; without it each test starts a server of its own. */
const address = process.env.PISANO_URL;

export const test = base.extend<ServerFixture>({
  settings: [{}, { option: true }],
  server: async ({ settings }, use) => {
    const server = await Server.create(settings);
    await use(server);
    await server.remove();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs.
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
