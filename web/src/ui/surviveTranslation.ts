/**
 * Keeps a page that the browser translates working. Translators replace each text by a <font> element with its
 * translation, while React goes on to change and to remove the text that it has rendered: it would throw, or
 * change what is no longer shown. Here a translation goes the way of its text: it is removed with it, and where
 * the text changes, the new text takes its place until it is translated in turn.
 */
export function surviveTranslation(root: Node) {
  /** What stands for a text that was replaced. */
  const translations = new WeakMap<Node, Element>();
  /** The elements that stand for a text already. */
  const paired = new WeakSet<Element>();

  const textChanges = new MutationObserver((records) => {
    for (const { target } of records) {
      const translation = translations.get(target);
      if (translation !== undefined) {
        translations.delete(target);
        translation.replaceWith(target);
      }
    }
  });

  new MutationObserver((records) => {
    for (const { addedNodes, removedNodes, previousSibling, nextSibling } of records) {
      const text = [...removedNodes].find((node) => node instanceof Text);
      // Some translators insert the translation beside the text before they remove the text.
      const translation = [...addedNodes, previousSibling, nextSibling]
        .filter(isTranslation)
        .find((element) => !paired.has(element));
      if (translation !== undefined && text !== undefined) {
        translations.set(text, translation);
        paired.add(translation);
        textChanges.observe(text, { characterData: true });
      }
    }
  }).observe(root, { childList: true, subtree: true });

  /** The node that is in the place of a child that React knows. */
  function standIn<T extends Node>(parent: Node, child: T): T {
    if (child.parentNode === parent) {
      return child;
    }
    let node: Node | null = translations.get(child) ?? child;
    while (node !== null && node.parentNode !== parent) {
      node = node.parentNode;
    }
    return (node ?? child) as T;
  }

  const { removeChild, insertBefore } = Node.prototype;
  Node.prototype.removeChild = function <T extends Node>(this: Node, child: T): T {
    removeChild.call(this, standIn(this, child));
    return child;
  };
  Node.prototype.insertBefore = function <T extends Node>(this: Node, node: T, before: Node | null): T {
    return insertBefore.call(this, node, before === null ? null : standIn(this, before)) as T;
  };
}

function isTranslation(node: Node | null): node is Element {
  return node instanceof Element && node.tagName === "FONT";
}
