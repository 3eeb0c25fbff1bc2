/**
 * Makes copied numbers usable in other programs: a minus sign becomes a hyphen, and digits that are shown in
 * rows or groups lose the spaces, commas and line breaks between them.
 */
export function copyPlainly(event: ClipboardEvent) {
  const selection = document.getSelection();
  if (selection === null || selection.isCollapsed || event.clipboardData === null) {
    return;
  }
  const text = selection.toString();
  const plain = text.replaceAll("−", "-");
  const number = plain.replace(/[\s,]/g, "");
  const copied = isWithinDigits(selection) && /^-?\d+$/.test(number) ? number : plain;
  if (copied !== text) {
    event.clipboardData.setData("text/plain", copied);
    event.preventDefault();
  }
}

function isWithinDigits(selection: Selection): boolean {
  const { commonAncestorContainer: container } = selection.getRangeAt(0);
  const element = container instanceof Element ? container : container.parentElement;
  return element?.closest("[data-digits]") !== null;
}
