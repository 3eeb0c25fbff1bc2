import { expect, test } from "vitest";
import { Pisano, ProblemError } from "../src/index.js";
import { fakePisano } from "./fakeServer.js";
import { Server } from "./server.js";

/** Returns the error of a call. */
async function problemOf(call: Promise<unknown>): Promise<ProblemError> {
  const error = await call.then(
    () => new Error("there was no error"),
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(ProblemError);
  return error as ProblemError;
}

test("ProblemError has the kind of each error", async () => {
  const { pisano } = await Server.start({ PISANO_MAX_INDEX: "1000000000" });
  await pisano.submit(10);
  await pisano.wait(10);
  // It takes seconds, so its digits are not ready yet.
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
      call: () => pisano.http.POST("/indices", { body: { indices: Array(1001).fill(5) } }),
      kind: "invalid",
      status: 422,
      location: "body.indices",
    },
    {
      call: () => pisano.http.POST("/indices", { body: { indices: Array(100_000).fill(5) } }),
      kind: "invalid",
      status: 413,
      location: "body",
    },
    { call: () => pisano.digits(10, { first: 2 }), kind: "invalid", status: 416, location: "header.Range" },
    { call: () => pisano.wait(77), kind: "notFound", status: 404, location: "path.index" },
    { call: () => pisano.submit(1_000_000_001), kind: "tooLarge", status: 422, location: "body.index" },
    { call: () => pisano.submit(2 ** 62), kind: "tooLarge", status: 422, location: "body.index" },
    {
      call: () => pisano.submitAll([1, -(2 ** 62)]),
      kind: "tooLarge",
      status: 422,
      location: "body.indices[0]",
    },
    { call: () => pisano.estimate(2 ** 53), kind: "tooLarge", status: 422, location: "path.index" },
  ];
  for (const { call, kind, status, location } of cases) {
    const { problem, message, retryAfter } = await problemOf(call());
    expect(problem).toMatchObject({ kind, status, detail: message });
    expect(problem.errors?.[0]?.location).toBe(location);
    expect(problem.estimate !== undefined).toBe(kind === "tooLarge");
    expect(retryAfter !== undefined).toBe(kind === "notReady");
  }
});

test("ProblemError of a submission beyond the backlog says when to retry", async () => {
  const { pisano } = await Server.start(
    { PISANO_MAX_INDEX: "1000000000", PISANO_MAX_BACKLOG: "1s" },
    { retrySeconds: 0 },
  );
  const { problem, retryAfter } = await problemOf(submitMany(pisano));
  expect(problem).toMatchObject({ kind: "overloaded", status: 429 });
  expect(retryAfter).toBeGreaterThanOrEqual(problem.waitSeconds ?? Number.POSITIVE_INFINITY);
});

/** Submits indices that cost a good part of a second each, until one is refused. */
async function submitMany(pisano: Pisano): Promise<void> {
  for (let n = 400_000_000; n < 400_000_100; n++) {
    await pisano.submit(n);
  }
}

test("ProblemError represents errors of a front door", async () => {
  const pisano = await fakePisano((_, response) => {
    response.writeHead(502, { "Content-Type": "text/html", "Retry-After": "3" }).end("<h1>Bad Gateway</h1>");
  });
  const { problem, retryAfter } = await problemOf(pisano.submit(1));
  expect(problem).toMatchObject({ kind: "unavailable", status: 502 });
  expect(retryAfter).toBe(3);
});

test("events ends where the server refuses", async () => {
  const pisano = await fakePisano((_, response) => {
    response.writeHead(404).end();
  });
  expect((await problemOf(pisano.events().next())).problem.kind).toBe("notFound");
});

test("a range beyond the end is refused in digits", async () => {
  const { pisano } = await Server.start();
  await pisano.submit(10);
  await pisano.wait(10);
  const { message } = await problemOf(pisano.digits(10, { first: 2 }));
  expect(message).toContain("F(10) has 2 digits");
  expect(message).not.toContain("bytes");
});

test("ProblemError at a wrong address names the address", async () => {
  const { server } = await Server.start();
  for (const path of ["/api/v1", "/apis"]) {
    const error = await problemOf(new Pisano(`${server.url}${path}`).submit(1));
    expect(error.message).toContain(`${server.url}${path}/indices`);
    expect(error.message).toContain("Check the address");
  }
});

const date = "Sun, 06 Nov 1994 08:49:37 GMT"; // the clock of the server

test.each([
  ["3", 3],
  ["0", 0],
  ["007", 7],
  ["Sun, 06 Nov 1994 08:50:07 GMT", 30],
  ["Sunday, 06-Nov-94 08:50:07 GMT", 30],
  ["Sun Nov  6 08:50:07 1994", 30],
  [date, 0],
  ["Sun, 06 Nov 1994 08:00:00 GMT", 0],
  ["Mon, 06 Nov 2023 08:49:37 GMT", 3600],
  ["99999999", 3600],
  ["99999999999999999999999", 3600],
  ...["", "soon", "-5", "+5", "1.5", "3 seconds", "0x10", "1e3", "Sunday", "1994-11-06T08:50:07Z"].map(
    (garbage): [string, undefined] => [garbage, undefined],
  ),
  ["Sun, 06 Nov 1994 08:50:07", undefined],
  ["Sun, 99 Nov 1994 08:50:07 GMT", undefined],
])("Retry-After: %s means %s seconds", async (given, want) => {
  const pisano = await fakePisano((_, response) => {
    response.writeHead(503, { Date: date, "Retry-After": given }).end();
  });
  expect((await problemOf(pisano.submit(1))).retryAfter).toBe(want);
});

test("Retry-After is relative to the local clock without a Date", async () => {
  const pisano = await fakePisano((_, response) => {
    response.sendDate = false;
    response.writeHead(503, { "Retry-After": new Date(Date.now() + 600_000).toUTCString() }).end();
  });
  const { retryAfter } = await problemOf(pisano.submit(1));
  expect(retryAfter).toBeGreaterThan(500);
  expect(retryAfter).toBeLessThanOrEqual(600);
});

test("ProblemError represents JSON errors of other services", async () => {
  const pisano = await fakePisano((_, response) => {
    response.writeHead(404, { "Content-Type": "application/json" }).end('{"detail": "Not Found"}');
  });
  const calls = [
    () => pisano.submit(1),
    () => pisano.wait(1),
    () => pisano.digits(1),
    () => pisano.events().next(),
  ];
  for (const call of calls) {
    expect((await problemOf(call())).problem).toMatchObject({ kind: "notFound", status: 404 });
  }
});
