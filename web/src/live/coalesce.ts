/**
 * Returns a function that schedules the task and may be called often. The task
 * runs at once, never twice at the same time, with a pause between runs, and
 * always once more after the last call. It must handle its own errors.
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
