import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { expect, test, vi } from "vitest";
import { fakePisano } from "./fakeServer.js";
import { Server } from "./server.js";

const range = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

test("submitAll and waitAll take any number of indices and keep their order", async () => {
  const { pisano } = await Server.start();
  const indices = [...range(0, 2_500).reverse(), 7];
  const seen = await pisano.submitAll(indices);
  expect(seen.map(({ index }) => index)).toEqual(indices);
  const states = await pisano.waitAll(indices);
  expect(states.map(({ index }) => index)).toEqual(indices);
  expect(states.every(({ state }) => state === "calculated")).toBe(true);
  expect(states.at(-1)).toMatchObject({ index: 7, state: "calculated", value: "13" });
  expect(await pisano.submitAll([])).toEqual([]);
  expect(await pisano.waitAll([])).toEqual([]);
});

test("waitAll throws for an index that was not submitted", async () => {
  const { pisano } = await Server.start();
  await pisano.submit(1);
  await expect(pisano.waitAll([1, 2])).rejects.toMatchObject({ problem: { kind: "notFound" } });
});

test("states has every kind of state, and no index that was not submitted", async () => {
  const { pisano } = await Server.start({ PISANO_MAX_INDEX: "1000000000" });
  await pisano.submitAll([10, 500_000_000]);
  await pisano.wait(10);
  const states = new Map((await pisano.states([10, 77, 500_000_000])).map((state) => [state.index, state]));
  expect([...states.keys()].sort()).toEqual([10, 500_000_000]);
  expect(states.get(10)).toEqual(await pisano.value(10));
  expect(states.get(500_000_000)?.state).toMatch(/^(pending|calculating)$/);
});

test("states asks for as many indices at once as a URL can hold", async () => {
  const queries: string[] = [];
  const pisano = await fakePisano(({ url }, response) => {
    queries.push(url ?? "");
    response.writeHead(200, { "Content-Type": "application/json" }).end('{"items": []}');
  });
  await pisano.states(range(0, 1_001));
  await pisano.states(range(Number.MAX_SAFE_INTEGER - 999, 1_000));
  expect(queries.map((query) => query.split(",").length)).toEqual([1_000, 1, 411, 411, 178]);
  expect(queries.every((query) => query.length < 8_000)).toBe(true);
});

/** Answers a submission unless it is refused. */
async function refusing(refuse: (indices: number[]) => object | undefined, retrySeconds: number) {
  const sizes: number[] = [];
  const pisano = await fakePisano(
    async (request, response) => {
      let body = "";
      for await (const piece of request) {
        body += piece;
      }
      const { indices } = JSON.parse(body);
      const problem = refuse(indices);
      if (problem) {
        response.writeHead(429, { "Retry-After": "0", "Content-Type": "application/problem+json" });
        response.end(JSON.stringify({ title: "No", status: 429, detail: "No.", ...problem }));
        return;
      }
      sizes.push(indices.length);
      const items = indices.map((index: number) => ({ index, state: "pending" }));
      response.writeHead(202, { "Content-Type": "application/json" }).end(JSON.stringify({ items }));
    },
    { retrySeconds },
  );
  return { pisano, sizes };
}

test("submitAll waits for room for longer than a request is repeated", async () => {
  let refusals = 0;
  const overloaded = () => (refusals++ < 20 ? { kind: "overloaded" } : undefined);
  const { pisano, sizes } = await refusing(overloaded, 1e-9);
  expect(await pisano.submitAll(range(0, 1_500))).toHaveLength(1_500);
  expect(sizes).toEqual([1_000, 500]);
  refusals = 0;
  const impatient = await refusing(overloaded, 0);
  await expect(impatient.pisano.submitAll([1])).rejects.toMatchObject({ problem: { kind: "overloaded" } });
});

test("submitAll divides what is too much work at once", async () => {
  const { pisano, sizes } = await refusing(
    ({ length }) => (length > 300 ? { kind: "tooLarge" } : undefined),
    0,
  );
  expect(await pisano.submitAll(range(0, 600))).toHaveLength(600);
  expect(sizes).toEqual([300, 300]);
  const strict = await refusing(() => ({ kind: "tooLarge" }), 0);
  await expect(strict.pisano.submitAll([1, 2])).rejects.toMatchObject({ problem: { kind: "tooLarge" } });
});

test("indices and values have a limit and begin after a cursor", async () => {
  const { pisano } = await Server.start();
  await pisano.submitAll(range(0, 500));
  await pisano.waitAll(range(0, 500));
  const listed: number[] = [];
  for await (const { index } of pisano.indices({ limit: 250 })) {
    listed.push(index);
  }
  expect(listed).toEqual(range(250, 250).reverse());
  const indices = await pisano.http.GET("/indices", { params: { query: { limit: 3 } } });
  const later = pisano.indices({ cursor: indices.data?.nextCursor ?? "", limit: 1 });
  expect((await later.next()).value).toMatchObject({ index: 496 });
  expect((await later.next()).done).toBe(true);
  const [newest, second] =
    (await pisano.http.GET("/values", { params: { query: { limit: 2 } } })).data?.items ?? [];
  const first = await pisano.http.GET("/values", { params: { query: { limit: 1 } } });
  expect(first.data?.items).toEqual([newest]);
  expect((await pisano.values({ cursor: first.data?.nextCursor ?? "" }).next()).value).toEqual(second);
  expect(await pisano.indices({ limit: 0 }).next()).toMatchObject({ done: true });
});

test("the example of many indices loses nothing when the API restarts", async () => {
  const { server, pisano } = await Server.start();
  const example = spawn("node", ["example/many.js", `${server.url}/api`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  for await (const line of createInterface(example.stdout)) {
    lines.push(line);
    if (line === "2000 submitted") {
      await server.stop();
      await server.run(new URL(server.url).port);
    }
  }
  if (example.exitCode === null) {
    await once(example, "exit");
  }
  expect([example.exitCode, lines[1]]).toEqual([0, "2000 calculated, 0 failed"]);
  expect(lines[2]).toBe("F(11999) has 2508 digits: 19643…");
  expect(lines[3]).toMatch(/^Events: .*refetch/);
  await vi.waitFor(
    async () => {
      let recorded = 0; // a record is marked just after its value can be read
      for await (const { state, submissions } of pisano.indices()) {
        expect([state, submissions]).toEqual(["calculated", 1]);
        recorded++;
      }
      expect(recorded).toBe(2_000);
    },
    { timeout: 60_000, interval: 100 },
  );
});

test("the README has the example of many indices", () => {
  const example = readFileSync("example/many.js", "utf8");
  expect(readFileSync("README.md", "utf8")).toContain(example);
  expect(example.trim().split("\n").length).toBeLessThanOrEqual(30);
});
