import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useEffectEvent, useState } from "react";
import { type Connection, type IndexEvent, listen } from "./events";
import { keepFresh } from "./live";

type Watcher = (event: IndexEvent) => void;

const ConnectionContext = createContext<Connection>("connecting");
const WatchersContext = createContext<Set<Watcher>>(new Set());

/** Keeps everything inside up to date through one stream of events. */
export function LiveUpdates({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>("connecting");
  const [watchers] = useState(() => new Set<Watcher>());

  useEffect(() => {
    const fresh = keepFresh(client);
    return listen({
      onEvent(event) {
        fresh.onEvent(event);
        for (const watch of watchers) {
          watch(event);
        }
      },
      onConnection(next) {
        setConnection(next);
        fresh.onConnection(next);
      },
    });
  }, [client, watchers]);

  return (
    <ConnectionContext value={connection}>
      <WatchersContext value={watchers}>{children}</WatchersContext>
    </ConnectionContext>
  );
}

/** Whether what is shown follows what happens. */
export function useConnection(): Connection {
  return useContext(ConnectionContext);
}

/** Calls the function with each event that arrives while the component is there. */
export function useEvents(onEvent: Watcher) {
  const watchers = useContext(WatchersContext);
  const watch = useEffectEvent(onEvent);
  useEffect(() => {
    const watcher: Watcher = (event) => watch(event);
    watchers.add(watcher);
    return () => void watchers.delete(watcher);
  }, [watchers]);
}
