import { act, render, screen } from "@testing-library/react";
import { useState } from "react";
import { beforeEach, expect, test } from "vitest";
import { surviveTranslation } from "./surviveTranslation";

/** Puts a translation in the place of a text. */
type Place = (text: Text, translation: Element) => void;

/** How translators of browsers do that. */
const ways: Record<string, Place> = {
  replace: (text, translation) => text.replaceWith(translation),
  "insert before, then remove": (text, translation) => {
    text.parentNode?.insertBefore(translation, text);
    text.parentNode?.removeChild(text);
  },
  "insert behind, then remove": (text, translation) => {
    text.parentNode?.insertBefore(translation, text.nextSibling);
    text.parentNode?.removeChild(text);
  },
};

/** Translates each text, and waits until that is noticed. */
async function translate(root: Node, place: Place) {
  for (const text of textsIn(root)) {
    const translation = document.createElement("font");
    translation.append(document.createElement("font"));
    translation.firstElementChild?.append(`«${text.data}»`);
    place(text, translation);
  }
  await act(() => Promise.resolve());
}

/** Wraps each text instead, as other translators do. */
async function wrap(root: Node, place: Place) {
  for (const text of textsIn(root)) {
    const font = document.createElement("font");
    place(text, font);
    font.append(text);
  }
  await act(() => Promise.resolve());
}

function textsIn(root: Node): Text[] {
  const texts: Text[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    texts.push(walker.currentNode as Text);
  }
  return texts;
}

let set: (state: { count: number; warning: boolean }) => void;

function Part() {
  const [{ count, warning }, setState] = useState({ count: 1, warning: true });
  set = setState;
  return (
    <p>
      {warning && "Take care. "}
      There are {count} values. {warning && <strong>Really.</strong>}
    </p>
  );
}

const { removeChild, insertBefore } = Node.prototype;
beforeEach(() => {
  Object.assign(Node.prototype, { removeChild, insertBefore });
  surviveTranslation(document.body);
});

const changes = [translate, wrap].flatMap((change) =>
  Object.entries(ways).map(([name, place]) => ({
    name: `${change.name}, ${name}`,
    change: () => change(document.body, place),
  })),
);

test.each(changes)("surviveTranslation keeps a page working: $name", async ({ change }) => {
  render(<Part />);
  await change();
  act(() => set({ count: 2, warning: false }));
  await act(() => Promise.resolve());
  const text = screen.getByText(/values/, { selector: "p, p *" }).closest("p")?.textContent;
  expect(text).toContain("2");
  expect(text).not.toContain("1");
  expect(text).not.toContain("Take care");
  expect(text).not.toContain("Really");
  await change();
  act(() => set({ count: 3, warning: true }));
  await act(() => Promise.resolve());
  expect(document.body.textContent).toMatch(/^.?Take care\./);
  expect(document.body.textContent).toContain("3");
  expect(document.body.textContent).toContain("Really.");
});
