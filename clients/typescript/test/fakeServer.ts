import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { Pisano } from "../src/index.js";

/** Returns a client of a server that answers as given. */
export async function fakePisano(answer: RequestListener): Promise<Pisano> {
  return new Pisano(`${await listen(answer)}/api`);
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
