const name = "pisano-keys";

/** Reports whether the keys of the page are to be used, which they are unless the reader has turned them off. */
export function areKeysOn(): boolean {
  try {
    return localStorage.getItem(name) !== "off";
  } catch {
    return true;
  }
}

/** Remembers it in this browser, if it has storage. */
export function setKeysOn(on: boolean) {
  try {
    if (on) {
      localStorage.removeItem(name);
    } else {
      localStorage.setItem(name, "off");
    }
  } catch {
    // It holds until the page is closed.
  }
}
