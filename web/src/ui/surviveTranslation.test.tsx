import { act, render, screen } from "@testing-library/react";
import { useState } from "react";
import { beforeEach, expect, test } from "vitest";
import { surviveTranslation } from "./surviveTranslation";

/** Replaces each text as a translator of a browser does, and waits until that is noticed. */
async function translate(root: Node) {
  const texts: Text[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    texts.push(walker.currentNode as Text);
  }
  for (const text of texts) {
    const translation = document.createElement("font");
    translation.append(document.createElement("font"));
    translation.firstElementChild?.append(`«${text.data}»`);
    text.replaceWith(translation);
  }
  await act(() => Promise.resolve());
}

/** Wraps each text instead, as other translators do. */
async function wrap(root: Node) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) {
    texts.push(walker.currentNode as Text);
  }
  for (const text of texts) {
    const font = document.createElement("font");
    text.replaceWith(font);
    font.append(text);
  }
  await act(() => Promise.resolve());
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

for (const [name, change] of Object.entries({ translate, wrap })) {
  test(`surviveTranslation keeps a page working: ${name}`, async () => {
    render(<Part />);
    await change(document.body);
    act(() => set({ count: 2, warning: false }));
    await act(() => Promise.resolve());
    const text = screen.getByText(/values/, { selector: "p, p *" }).closest("p")?.textContent;
    expect(text).toContain("2");
    expect(text).not.toContain("1");
    expect(text).not.toContain("Take care");
    expect(text).not.toContain("Really");
    await change(document.body);
    act(() => set({ count: 3, warning: true }));
    await act(() => Promise.resolve());
    expect(document.body.textContent).toMatch(/^.?Take care\./);
    expect(document.body.textContent).toContain("3");
    expect(document.body.textContent).toContain("Really.");
  });
}
