/**
 * Wraps a task that takes a while so that it may be asked for often: it runs at
 * once, never twice at the same time, with a pause in between, and always once
 * after it was last asked for. The task deals with its own errors.
 */
export function coalesce(task: () => Promise<unknown>, pauseMs: number): () => void {
  let running = false;
  let pending = false;

  async function run() {
    running = true;
    while (pending) {
      pending = false;
      await task();
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    running = false;
  }

  return () => {
    pending = true;
    if (!running) {
      void run();
    }
  };
}
