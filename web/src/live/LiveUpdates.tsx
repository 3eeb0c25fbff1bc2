import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useEffectEvent, useState } from "react";
import { createCacheUpdater } from "./cacheUpdater";
import { type Connection, type IndexEvent, listen } from "./events";

type EventHandler = (event: IndexEvent) => void;

const ConnectionContext = createContext<Connection>("connecting");
const HandlersContext = createContext<Set<EventHandler>>(new Set());

/** Keeps fetched data up to date by one stream of events, which components inside can follow. */
export function LiveUpdates({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>("connecting");
  const [handlers] = useState(() => new Set<EventHandler>());

  useEffect(() => {
    const updater = createCacheUpdater(client);
    return listen({
      onEvent(event) {
        updater.onEvent(event);
        for (const handle of handlers) {
          handle(event);
        }
      },
      onConnection(next) {
        setConnection(next);
        updater.onConnection(next);
      },
    });
  }, [client, handlers]);

  return (
    <ConnectionContext value={connection}>
      <HandlersContext value={handlers}>{children}</HandlersContext>
    </ConnectionContext>
  );
}

/** Reports whether events arrive. */
export function useConnection(): Connection {
  return useContext(ConnectionContext);
}

/** Calls the function with each event while the component is mounted. */
export function useEvents(onEvent: EventHandler) {
  const handlers = useContext(HandlersContext);
  const handle = useEffectEvent(onEvent);
  useEffect(() => {
    const handler: EventHandler = (event) => handle(event);
    handlers.add(handler);
    return () => void handlers.delete(handler);
  }, [handlers]);
}
