import { apiRoot } from "../api/client";

const kinds = ["seen", "progress", "calculated", "failed"] as const;

/** The data of an event on the wire. */
interface EventData {
  index: number;
  /** When it happened. */
  at: string;
  /** With `progress`: the fraction done. */
  progress?: number;
  /** With `failed`: why, for people. */
  reason?: string;
}

/** Something that happened to an index. */
export interface IndexEvent extends EventData {
  kind: (typeof kinds)[number];
}

/** Whether events arrive: not yet, now, or not any more. */
export type Connection = "connecting" | "live" | "lost";

interface Listener {
  onEvent(event: IndexEvent): void;
  onConnection(connection: Connection): void;
}

const minRetryMs = 1_000;
const maxRetryMs = 15_000;

/**
 * Listens to what happens, until the returned function is called. While nobody
 * sees the page it does not: a browser has six connections to a server for all of
 * its tabs, and those that listened to the end would leave none for anything else.
 *
 * EventSource comes back by itself when a connection breaks, but gives up for
 * good when it is answered with an error, as a front door does while the API
 * behind it is away. Then a new one is opened, after a pause that doubles.
 */
export function listen(listener: Listener): () => void {
  let source: EventSource | undefined;
  let retryMs = minRetryMs;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function open() {
    const opened = new EventSource(`${apiRoot}/events`);
    source = opened;
    opened.onopen = () => {
      retryMs = minRetryMs;
      listener.onConnection("live");
    };
    opened.onerror = () => {
      listener.onConnection("lost");
      if (opened.readyState === EventSource.CLOSED) {
        timer = setTimeout(open, retryMs);
        retryMs = Math.min(2 * retryMs, maxRetryMs);
      }
    };
    for (const kind of kinds) {
      opened.addEventListener(kind, (message: MessageEvent<string>) => {
        listener.onEvent({ ...(JSON.parse(message.data) as EventData), kind });
      });
    }
  }

  function close() {
    clearTimeout(timer);
    source?.close();
  }

  function restart() {
    close();
    if (!document.hidden) {
      open();
    }
  }

  restart();
  document.addEventListener("visibilitychange", restart);
  return () => {
    document.removeEventListener("visibilitychange", restart);
    close();
  };
}
