import { expect, test } from "vitest";
import type { IndexEvent } from "../src/index.js";
import { Server } from "./server.js";

/** Returns the next event of a kind. */
async function next(events: AsyncGenerator<IndexEvent>, kind: IndexEvent["kind"]): Promise<IndexEvent> {
  for (;;) {
    const { value } = await events.next();
    if (value.kind === kind) {
      return value;
    }
  }
}

test("events reports what happens to an index", async () => {
  const { pisano } = await Server.start();
  const events = pisano.events();
  await next(events, "refetch");
  await pisano.submit(5_000_000);
  const time = expect.stringMatching(/Z$/);
  const seen = { kind: "seen", index: 5_000_000, at: time };
  expect(await next(events, "seen")).toEqual(seen);
  const taken = { worker: expect.any(String), delivery: 1, claimedAt: time };
  expect(await next(events, "calculated")).toEqual({ ...seen, kind: "calculated", ...taken });
  await events.return(undefined as never);
});

test("events reconnects after the server was down, and yields refetch", async () => {
  const { server, pisano } = await Server.start();
  const events = pisano.events();
  await next(events, "refetch");
  await server.stop();
  await server.run(new URL(server.url).port);
  await next(events, "refetch");
  await pisano.submit(42);
  expect(await next(events, "calculated")).toMatchObject({ index: 42 });
  await events.return(undefined as never);
});

test("events ends with its signal", async () => {
  const { pisano } = await Server.start();
  const end = new AbortController();
  const events = pisano.events({ signal: end.signal });
  await next(events, "refetch");
  end.abort();
  await expect(events.next()).rejects.toBe(end.signal.reason);
});
