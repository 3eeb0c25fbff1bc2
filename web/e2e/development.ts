import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@playwright/test";

// Tests the development stack at PISANO_URL, which runs the copy of the repository at PISANO_SOURCE.
const address = process.env.PISANO_URL ?? "";
const source = process.env.PISANO_SOURCE ?? "";

const heading = "Any Fibonacci number, every digit";
const edited = "Any Fibonacci number, edited while the page was open";

test("an edited component appears in the open page without a reload", async ({ page }) => {
  page.on("console", (message) => console.log(message.text()));
  page.on("response", (response) => {
    if (response.url().includes("HomePage")) console.log(response.status(), response.url());
  });
  const sockets: string[] = [];
  page.on("websocket", (socket) => sockets.push(socket.url()));
  const title = page.getByRole("heading", { level: 1 });
  const field = page.getByRole("textbox", { name: "Index" });

  // Vite reloads the page when it discovers a library during the first load. Chromium aborts requests when a network
  // interface of the machine appears or disappears, as those of containers do, and the page must be loaded again.
  for (let loads = 0; loads < 2; loads++) {
    await expect(async () => {
      await page.goto(address);
      await expect(title).toContainText(heading, { timeout: 60_000 });
    }).toPass();
  }
  await expect.poll(() => sockets.some((url) => url.startsWith(address.replace("http", "ws")))).toBe(true);
  await field.fill("12345");
  await page.evaluate(() => Object.assign(window, { loadedOnce: true }));

  const file = join(source, "web/src/pages/home/HomePage.tsx");
  const text = await readFile(file, "utf8");
  expect(text).toContain(heading);
  const begin = performance.now();
  await writeFile(file, text.replace(heading, edited));
  await expect(title).toContainText(edited);
  const seconds = (performance.now() - begin) / 1000;

  expect(await page.evaluate(() => "loadedOnce" in window)).toBe(true);
  await expect(field).toHaveValue("12345");
  console.log(`measured: an edit of a component was seen in the open page after ${seconds.toFixed(2)} s`);
});
