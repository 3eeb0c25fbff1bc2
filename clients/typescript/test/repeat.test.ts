import { once } from "node:events";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { Pisano } from "../src/index.js";
import { fakePisano } from "./fakeServer.js";
import { Server } from "./server.js";

const pending = (response: ServerResponse) =>
  response
    .writeHead(202, { "Content-Type": "application/json" })
    .end(JSON.stringify({ index: 1, items: [{ index: 1, state: "pending" }] }));

/** Returns a listener that answers with each of the statuses once and then accepts, and the bodies and keys it got. */
function failing(...statuses: [number, object][]) {
  const bodies: string[] = [];
  const keys: unknown[] = [];
  const answer: RequestListener = async (request, response) => {
    let body = "";
    for await (const piece of request) {
      body += piece;
    }
    bodies.push(body);
    keys.push(request.headers["idempotency-key"]);
    const [status, headers] = statuses.shift() ?? [];
    if (status === undefined) {
      pending(response);
    } else {
      response.writeHead(status, headers as Record<string, string>).end("later");
    }
  };
  return { answer, bodies, keys };
}

test("submit is repeated after 429, 503, 502 and 504", async () => {
  const { answer, bodies, keys } = failing(
    [429, { "Retry-After": "0" }],
    [503, { "Retry-After": "0" }],
    [502, {}],
    [504, {}],
  );
  const pisano = await fakePisano(answer, { retrySeconds: 60 });
  expect(await pisano.submit(1)).toMatchObject({ index: 1 });
  expect(bodies).toEqual(Array(5).fill('{"index":1}'));
  await pisano.submit(1);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(keys).toEqual([...Array(5).fill(keys[0]), expect.not.stringMatching(keys[0] as string)]);
});

test("submit is repeated until there is a server", async () => {
  const server = createServer((_, response) => pending(response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  let failures = 0;
  const pisano = new Pisano(`http://127.0.0.1:${port}`, {
    fetch: (request) =>
      fetch(request).catch((error: unknown) => {
        if (failures++ === 0) {
          server.listen(port, "127.0.0.1");
        }
        throw error;
      }),
  });
  try {
    expect(await pisano.submit(1)).toMatchObject({ index: 1 });
    expect(failures).toBeGreaterThan(0);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test.each([
  ["without a time", [503, {}]],
  ["that takes longer than the client repeats", [429, { "Retry-After": "3600" }]],
  ["that is final", [500, { "Retry-After": "0" }]],
] as [string, [number, object]][])("submit is not repeated after an error %s", async (_, failure) => {
  const { answer, bodies } = failing(failure);
  const pisano = await fakePisano(answer, { retrySeconds: 60 });
  await expect(pisano.submit(1)).rejects.toMatchObject({ problem: { status: failure[0] } });
  expect(bodies).toHaveLength(1);
});

test("retrySeconds of 0 turns repetition off", async () => {
  const { answer, bodies } = failing([503, { "Retry-After": "0" }]);
  const pisano = await fakePisano(answer, { retrySeconds: 0 });
  await expect(pisano.submit(1)).rejects.toMatchObject({ problem: { kind: "unavailable" } });
  expect(bodies).toHaveLength(1);
});

test("an answer that is cut off is repeated", async () => {
  let requests = 0;
  const pisano = await fakePisano(
    (_, response) => {
      const body = '{"items": [], "states": [{"index": 1, "state": "pending"}]}';
      response.writeHead(200, { "Content-Type": "application/json", "Content-Length": body.length });
      if (++requests === 1) {
        response.write(body.slice(0, 11), () => response.destroy());
      } else {
        response.end(body);
      }
    },
    { retrySeconds: 60 },
  );
  expect(await pisano.states([1])).toEqual([{ index: 1, state: "pending" }]);
  expect(requests).toBe(2);
});

test("a repetition ends with the signal", async () => {
  const end = new AbortController();
  const pisano = await fakePisano(
    (_, response) => {
      response.writeHead(503, { "Retry-After": "20" }).end();
      end.abort();
    },
    { retrySeconds: 60 },
  );
  const error = await pisano.status({ signal: end.signal }).catch((error: unknown) => error);
  expect(error).toBe(end.signal.reason);
});

test("wait outlives a restart of the API", async () => {
  const { server, pisano } = await Server.start();
  await pisano.submit(30_000_000);
  const value = pisano.wait(30_000_000);
  await server.stop();
  await server.run(new URL(server.url).port);
  expect(await value).toMatchObject({ state: "calculated", digitCount: 6_269_629 });
});
