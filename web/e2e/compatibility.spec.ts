import { calculatedValue, expect, seenRow, submit, test } from "./fixtures";

/** Takes from the browser what is younger than those that the page supports. */
function forgetNews() {
  const iterator = Object.getPrototypeOf(Object.getPrototypeOf([].values()));
  const news: [object, string[]][] = [
    [AbortSignal, ["any"]],
    [Array, ["fromAsync"]],
    [Array.prototype, ["toSorted", "toSpliced", "toReversed", "with"]],
    [
      iterator,
      ["map", "filter", "take", "drop", "flatMap", "reduce", "toArray", "forEach", "some", "every", "find"],
    ],
    [Map, ["groupBy"]],
    [Object, ["groupBy"]],
    [Promise, ["withResolvers", "try"]],
    [Set.prototype, ["union", "intersection", "difference", "isSubsetOf", "isSupersetOf", "isDisjointFrom"]],
    [String.prototype, ["isWellFormed", "toWellFormed"]],
    [URL, ["canParse", "parse"]],
    [RegExp, ["escape"]],
    [Uint8Array, ["fromBase64", "fromHex"]],
    [document, ["startViewTransition"]],
  ];
  for (const [owner, names] of news) {
    for (const name of names) {
      Reflect.deleteProperty(owner, name);
    }
  }
}

test("the page works in the oldest browsers that it supports", async ({ page }) => {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.addInitScript(forgetNews);
  await page.goto("/");
  await submit(page, "1000");
  await expect(calculatedValue(page, "F(1,000)")).toContainText("109 more digits");
  for (const [path, text] of [
    ["/values/1000", "How often each digit occurs"],
    ["/explore", "It winds into a spiral"],
    ["/pisano/10", "Rank of apparition"],
    ["/table?from=1000&to=1001", "A table of Fibonacci numbers"],
    ["/otherpage", "The system right now"],
  ] as const) {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: text })).toBeVisible();
  }
  await expect(page.getByText("Connected")).toBeVisible();
  expect(errors).toEqual([]);
});

for (const [way, replaces] of [
  ["replaces each text", true],
  ["inserts a translation before it removes the text", false],
] as const) {
  test(`a page keeps working while a translator ${way}`, async ({ page, server }) => {
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto("/");
    // Translates each text as it appears, as translators do.
    await page.evaluate((replaces) => {
      function translate(root: Node) {
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        const texts: Text[] = [];
        while (walker.nextNode()) {
          texts.push(walker.currentNode as Text);
        }
        for (const text of texts) {
          if (text.parentElement?.closest("font, svg, script, style") === null && text.data.trim() !== "") {
            const translation = document.createElement("font");
            translation.append(document.createElement("font"));
            translation.firstElementChild?.append(text.data.replaceAll("digits", "Ziffern"));
            if (replaces) {
              text.replaceWith(translation);
            } else {
              text.parentNode?.insertBefore(translation, text);
              text.parentNode?.removeChild(text);
            }
          }
        }
      }
      translate(document.body);
      new MutationObserver(() => translate(document.body)).observe(document.body, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    }, replaces);
    await submit(page, "1000");
    await expect(calculatedValue(page, "F(1,000)")).toContainText("109 more Ziffern");
    await page.getByRole("button", { name: "Show all 209 Ziffern" }).first().click();
    await submit(page, "93");
    await expect(page.getByRole("region", { name: "Your number" })).toContainText("12200160415121876738");
    await expect(seenRow(page, "F(93)")).toContainText("Calculated");
    await server.submit(7);
    await expect(calculatedValue(page, "F(7)")).toContainText("= 13");
    await page.getByRole("link", { name: "Explore" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Explore the sequence");
    await page.getByRole("slider", { name: /^Squares/ }).press("ArrowRight");
    await expect(page.getByRole("img", { name: /^11 squares/ })).toBeVisible();
    await expect(page.locator("#squares")).toHaveText("Squares: 11");
    await page.goBack();
    await expect(page.getByRole("region", { name: "Your number" })).toContainText("12200160415121876738");
    expect(errors).toEqual([]);
  });
}
