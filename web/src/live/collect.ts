/** Collects what comes in quick succession, so that it is handled together. */
export interface Collector<Item> {
  add(item: Item): void;
  /** Handles at once what was collected. */
  flush(): void;
}

/** Returns a collector that handles the first item at once, and those that come within the pause after it at its end. */
export function collect<Item>(handle: (items: Item[]) => void, pauseMs: number): Collector<Item> {
  let collected: Item[] = [];
  let pausing = false;

  function flush() {
    if (collected.length === 0) {
      return;
    }
    const items = collected;
    collected = [];
    handle(items);
  }

  function pause() {
    pausing = true;
    setTimeout(() => {
      pausing = false;
      if (collected.length > 0) {
        pause();
        flush();
      }
    }, pauseMs);
  }

  return {
    add(item) {
      collected.push(item);
      if (!pausing) {
        pause();
        flush();
      }
    },
    flush,
  };
}
