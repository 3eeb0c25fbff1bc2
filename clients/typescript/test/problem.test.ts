import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { Pisano, ProblemError } from "../src/index.js";
import { Server } from "./server.js";

/** The problem that a call ends with. */
async function problemOf(call: Promise<unknown>): Promise<ProblemError> {
  const error = await call.then(
    () => new Error("there was no error"),
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(ProblemError);
  return error as ProblemError;
}

test("errors are problems of their kind", async () => {
  const { pisano } = await Server.start({ PISANO_MAX_INDEX: "1000000000" });
  await pisano.submit(10);
  await pisano.wait(10);
  // Takes seconds: whoever asks for its digits at once is too early.
  await pisano.submit(500_000_000);
  const cases = [
    { call: () => pisano.digits(500_000_000), kind: "notReady", status: 409, location: "path.index" },
    {
      call: () => pisano.http.GET("/indices", { params: { query: { cursor: "!" } } }),
      kind: "invalid",
      status: 422,
      location: "query.cursor",
    },
    { call: () => pisano.submit(1.5), kind: "invalid", status: 422, location: "body.index" },
    {
      call: () => pisano.submitAll(Array(1001).fill(5)),
      kind: "invalid",
      status: 422,
      location: "body.indices",
    },
    { call: () => pisano.submitAll(Array(100_000).fill(5)), kind: "invalid", status: 413, location: "body" },
    { call: () => pisano.digits(10, { first: 2 }), kind: "invalid", status: 416, location: "header.Range" },
    { call: () => pisano.wait(77), kind: "notFound", status: 404, location: "path.index" },
    { call: () => pisano.submit(1_000_000_001), kind: "tooLarge", status: 422, location: "body.index" },
  ];
  for (const { call, kind, status, location } of cases) {
    const { problem, message, retryAfter } = await problemOf(call());
    expect(problem).toMatchObject({ kind, status, detail: message });
    expect(problem.errors?.[0]?.location).toBe(location);
    expect(problem.estimate !== undefined).toBe(kind === "tooLarge");
    expect(retryAfter !== undefined).toBe(kind === "notReady");
  }
});

test("a submission beyond what may wait is told when to come back", async () => {
  const { pisano } = await Server.start({ PISANO_MAX_INDEX: "1000000000", PISANO_MAX_BACKLOG: "1s" });
  await pisano.submit(500_000_000);
  const { problem, retryAfter } = await problemOf(pisano.submit(400_000_000));
  expect(problem).toMatchObject({ kind: "overloaded", status: 429 });
  expect(retryAfter).toBeGreaterThanOrEqual(problem.waitSeconds ?? Number.POSITIVE_INFINITY);
});

/** A server that is not Pisano. */
async function other(answer: RequestListener): Promise<Pisano> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return new Pisano(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

test("errors of a front door are problems", async () => {
  const pisano = await other((_, response) => {
    response.writeHead(502, { "Content-Type": "text/html", "Retry-After": "3" }).end("<h1>Bad Gateway</h1>");
  });
  const { problem, retryAfter } = await problemOf(pisano.submit(1));
  expect(problem).toMatchObject({ kind: "unavailable", status: 502 });
  expect(retryAfter).toBe(3);
});

test("where the server refuses, events end", async () => {
  const pisano = await other((_, response) => {
    response.writeHead(404).end();
  });
  expect((await problemOf(pisano.events().next())).problem.kind).toBe("notFound");
});

test("where there is no answer, fetch's error is thrown", async () => {
  await expect(new Pisano("http://127.0.0.1:1").submit(1)).rejects.toThrow(TypeError);
});
