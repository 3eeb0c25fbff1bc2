import type { ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test, vi } from "vitest";
import { fakePisano } from "./fakeServer.js";

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** Collects what nothing holds, and lets finalizers run. */
async function collectGarbage() {
  for (let round = 0; round < 5; round++) {
    await pause(10);
    collect();
  }
}

const streaming = (response: ServerResponse, type: string, start: string) =>
  response.writeHead(200, { "Content-Type": type }).write(start);

test("events ends with its signal after garbage collection", async () => {
  const pisano = await fakePisano((_, response) => {
    streaming(response, "text/event-stream", ": connected\n\n");
  });
  const end = new AbortController();
  const events = pisano.events({ signal: end.signal });
  await events.next(); // refetch
  const next = events.next().catch((error: unknown) => error);
  await collectGarbage();
  end.abort();
  expect(await next).toBe(end.signal.reason);
});

test("events reconnects after a silence though garbage was collected", async () => {
  let connections = 0;
  const pisano = await fakePisano((_, response) => {
    connections++;
    streaming(response, "text/event-stream", ": connected\n\n");
  });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const events = pisano.events();
    await events.next(); // refetch
    const again = events.next();
    await collectGarbage();
    await vi.advanceTimersByTimeAsync(60_000); // of silence, and the pause before the next connection
    expect(await again).toEqual({ done: false, value: { kind: "refetch" } });
    expect(connections).toBe(2);
    await events.return(undefined as never);
  } finally {
    vi.useRealTimers();
  }
});

test("digits ends with its signal after garbage collection", async () => {
  const pisano = await fakePisano((_, response) => {
    streaming(response, "text/plain", "123");
  });
  const end = new AbortController();
  const reader = (await pisano.digits(10, { signal: end.signal })).getReader();
  await reader.read();
  const next = reader.read().catch((error: unknown) => error);
  await collectGarbage();
  end.abort();
  expect(await next).toBe(end.signal.reason);
});

test("wait and submit end with their signal after garbage collection", async () => {
  let closed = 0;
  const pisano = await fakePisano((request) => {
    request.socket.once("close", () => closed++); // and never answers
  });
  for (const call of [
    (signal: AbortSignal) => pisano.wait(10, { signal }),
    (signal: AbortSignal) => pisano.submit(10, { signal }),
  ]) {
    const end = new AbortController();
    const result = call(end.signal).catch((error: unknown) => error);
    await collectGarbage();
    end.abort();
    expect(await result).toBe(end.signal.reason);
  }
  await vi.waitFor(() => expect(closed).toBe(2), { timeout: 20_000 });
});
