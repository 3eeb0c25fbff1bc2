import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { Pisano, type PisanoOptions } from "../src/index.js";

/** Returns a client of a server that answers as given. Unless the options say otherwise, it repeats nothing. */
export async function fakePisano(answer: RequestListener, options: PisanoOptions = {}): Promise<Pisano> {
  return new Pisano(`${await listen(answer)}/api`, { retrySeconds: 0, ...options });
}

/** Serves until the test is over, and returns the address. */
export async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
