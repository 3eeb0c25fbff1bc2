/**
 * Wraps a task that takes a while so that it may be asked for often: it runs at
 * once, never twice at the same time, with a pause in between, and always once
 * after it was last asked for. The task deals with its own errors.
 */
export function coalesce(task: () => Promise<unknown>, pauseMs: number): () => void {
  let busy = false;
  let wanted = false;

  async function run() {
    busy = true;
    while (wanted) {
      wanted = false;
      await task();
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    busy = false;
  }

  return () => {
    wanted = true;
    if (!busy) {
      void run();
    }
  };
}
