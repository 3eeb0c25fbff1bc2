import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { type Connection, listen } from "../api/events";
import { keepFresh } from "../api/live";

const ConnectionContext = createContext<Connection>("connecting");

/** Keeps everything inside up to date through one stream of events. */
export function LiveUpdates({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>("connecting");

  useEffect(() => {
    const fresh = keepFresh(client);
    return listen({
      onEvent: fresh.onEvent,
      onConnection(next) {
        setConnection(next);
        fresh.onConnection(next);
      },
    });
  }, [client]);

  return <ConnectionContext value={connection}>{children}</ConnectionContext>;
}

/** Whether what is shown follows what happens. */
export function useConnection(): Connection {
  return useContext(ConnectionContext);
}
