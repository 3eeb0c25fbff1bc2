import { useSyncExternalStore } from "react";

/** Where the browser keeps them. */
const key = "pisano-own-indices";
const maxKept = 100;
const none: readonly number[] = [];

let indices: readonly number[] = read();
const listeners = new Set<() => void>();

function read(): readonly number[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(kept) ? kept.filter(Number.isSafeInteger).slice(0, maxKept) : none;
  } catch {
    return none; // there is no storage, or something else is in it
  }
}

function change(next: readonly number[]) {
  indices = next;
  try {
    if (next.length === 0) {
      localStorage.removeItem(key);
    } else {
      localStorage.setItem(key, JSON.stringify(next));
    }
  } catch {
    // Without storage they are kept until the page is closed.
  }
  for (const listener of listeners) {
    listener();
  }
}

function subscribe(listener: () => void): () => void {
  // Another tab has changed them.
  const onStorage = (event: StorageEvent) => {
    if (event.key === key || event.key === null) {
      indices = read();
      listener();
    }
  };
  listeners.add(listener);
  window.addEventListener("storage", onStorage);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", onStorage);
  };
}

/** The indices that were submitted in this browser, the latest first. */
export function useOwnIndices(): readonly number[] {
  return useSyncExternalStore(subscribe, () => indices);
}

/** Remembers an index in this browser. */
export function rememberIndex(index: number) {
  change([index, ...read().filter((other) => other !== index)].slice(0, maxKept));
}

/** Forgets all indices of this browser. */
export function forgetIndices() {
  change(none);
}
