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
  /** Not with `seen`: the name of the worker that has the index, or had it last, if known. */
  worker?: string;
  /** Not with `seen`: how often the index was delivered to a worker by then, if known. */
  delivery?: number;
  /** Not with `seen`: when the worker took the index, if known. */
  claimedAt?: string;
}

/** Something that happened to an index. */
export interface IndexEvent extends EventData {
  kind: (typeof kinds)[number];
}

/** Whether events arrive: not yet, now, or no longer. */
export type Connection = "connecting" | "live" | "lost";

interface Listener {
  onEvent(event: IndexEvent): void;
  onConnection(connection: Connection): void;
}

const minRetryMs = 1_000;
const maxRetryMs = 15_000;

/**
 * Listens to events until the returned function is called, except while the page
 * is hidden: a browser has six connections to a server for all of its tabs, and
 * hidden tabs could use up all of them.
 *
 * EventSource reconnects by itself when a connection breaks, but gives up when it
 * is answered with an error, as by a front door whose API is down. A new one is
 * then opened after a pause that doubles each time.
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
