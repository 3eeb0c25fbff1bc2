import { afterEach, beforeEach, expect, test } from "vitest";
import { copyPlainly } from "./plainCopy";

/** The text that lands on the clipboard; undefined if the browser copies what is selected. */
function copy(html: string): string | undefined {
  document.body.innerHTML = html;
  document.getSelection()?.selectAllChildren(document.body.firstElementChild ?? document.body);
  let copied: string | undefined;
  const event = new Event("copy", { cancelable: true }) as ClipboardEvent;
  Object.defineProperty(event, "clipboardData", {
    value: {
      setData(_: string, text: string) {
        copied = text;
      },
    },
  });
  document.dispatchEvent(event);
  expect(event.defaultPrevented).toBe(copied !== undefined);
  return copied;
}

beforeEach(() => document.addEventListener("copy", copyPlainly));
afterEach(() => document.removeEventListener("copy", copyPlainly));

test("copyPlainly copies a minus sign as a hyphen", () => {
  expect(copy("<p>F(−8) = −21</p>")).toBe("F(-8) = -21");
});

test("copyPlainly copies digits in rows and groups as one number", () => {
  expect(copy("<div data-digits>1220016041 5121876738\n12</div>")).toBe("1220016041512187673812");
  expect(copy("<div><p data-digits>−832,<wbr>040</p></div>")).toBe("-832,040");
  expect(copy("<p data-digits>−832,<wbr>040</p>")).toBe("-832040");
});

test("copyPlainly leaves other text alone", () => {
  expect(copy("<p>1,000 digits</p>")).toBeUndefined();
  expect(copy("<p data-digits>1 … 5</p>")).toBeUndefined();
});
