import type { RequestListener, ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { ForeignAnswerError, Pisano } from "../src/index.js";
import { listen, other } from "./other.js";
import { Server } from "./server.js";

/** All that a client can ask. */
const calls: Record<string, (pisano: Pisano) => Promise<unknown>> = {
  submit: (pisano) => pisano.submit(0),
  submitAll: (pisano) => pisano.submitAll([1, 2]),
  estimate: (pisano) => pisano.estimate(1),
  status: (pisano) => pisano.status(),
  value: (pisano) => pisano.value(1),
  wait: (pisano) => pisano.wait(1),
  indices: (pisano) => pisano.indices().next(),
  values: (pisano) => pisano.values().next(),
  digits: (pisano) => pisano.digits(1),
  "some digits": (pisano) => pisano.digits(1, { first: 5, count: 2 }),
  events: (pisano) => pisano.events().next(),
  health: (pisano) => pisano.http.GET("/healthz"),
  readiness: (pisano) => pisano.http.GET("/readyz"),
};

const loginPage =
  '<!doctype html>\n<html><head><title>Sign in</title><style>b{}</style><script>go("<b>")</script></head>\n' +
  "<body>to the <b>airport's</b>\n network</body></html>";
const login = { status: 200, contentType: "text/html", start: "Sign in to the airport's network" };

const json = (response: ServerResponse, text: string) =>
  response.writeHead(200, { "Content-Type": "application/json" }).end(text);

/** Answers that are not from Pisano, each with what is to be told of it. */
const foreign: Record<string, { answer: RequestListener; met: object }> = {
  "a page": {
    answer: (_, response) => {
      response.writeHead(200, { "Content-Type": "Text/HTML; charset=utf-8" }).end(loginPage);
    },
    met: login,
  },
  "a redirect to a page": {
    answer: ({ url }, response) => {
      if (url?.startsWith("/login")) {
        response.writeHead(200, { "Content-Type": "text/html" }).end(loginPage);
      } else {
        response.writeHead(302, { Location: "/login?next=secret" }).end();
      }
    },
    met: { ...login, url: expect.stringMatching(/:\d+\/login$/) },
  },
  nothing: {
    answer: (_, response) => {
      response.writeHead(200).end();
    },
    met: { status: 200, contentType: "", start: "" },
  },
  "nothing, and says so": {
    answer: (_, response) => {
      response.writeHead(204).end();
    },
    met: { status: 204, contentType: "", start: "" },
  },
  "JSON of another": {
    answer: (_, response) => {
      json(response, '{"name": "other",\n "version": 2}');
    },
    met: { status: 200, contentType: "application/json", start: '{"name": "other", "version": 2}' },
  },
  "a list in JSON": {
    answer: (_, response) => {
      json(response, "[]");
    },
    met: { status: 200, contentType: "application/json", start: "[]" },
  },
  "JSON that is cut off": {
    answer: (_, response) => {
      json(response, '{"index": 1, "state": "pend');
    },
    met: { status: 200, contentType: "application/json", start: '{"index": 1, "state": "pend' },
  },
  "a text that does not end": {
    answer: (_, response) => {
      response.writeHead(200, { "Content-Type": "application/octet-stream" }).write("é".repeat(100_000));
    },
    met: { status: 200, contentType: "application/octet-stream", start: `${"é".repeat(100)}…` },
  },
};

describe.each(Object.keys(foreign))("where %s is met", (name) => {
  test.each(Object.keys(calls))("%s says so", async (call) => {
    const { answer, met } = foreign[name] as (typeof foreign)[string];
    const pisano = await other(answer);
    const error = await calls[call]?.(pisano).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ForeignAnswerError);
    expect(error).toMatchObject(met);
    const { url, status, contentType, message } = error as ForeignAnswerError;
    for (const part of [url, String(status), contentType]) {
      expect(message).toContain(part);
    }
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//);
    expect(message).not.toContain("secret");
  });
});

test("an answer to another submission is an error", async () => {
  const pisano = await other((_, response) => {
    json(response, '{"index": 8, "state": "pending"}');
  });
  await expect(pisano.submit(1)).rejects.toThrow("not of index 1");
  await expect(pisano.submitAll([1, 2])).rejects.toThrow("not of the 2 indices");
  // A redirect that is not to be followed so makes a list of a submission.
  const moved = await other(({ url }, response) => {
    if (url === "/v2/indices") {
      json(response, '{"items": []}');
    } else {
      response.writeHead(301, { Location: "/v2/indices" }).end();
    }
  });
  await expect(moved.submit(0)).rejects.toThrow("not of index 0");
  await expect(moved.submitAll([1])).rejects.toThrow("not of the 1 indices");
});

test("a redirect that keeps a submission is followed", async () => {
  const { server } = await Server.start();
  const address = await listen(({ url }, response) => {
    response.writeHead(308, { Location: `${server.url}${url}` }).end();
  });
  const pisano = new Pisano(`${address}/api`);
  expect(await pisano.submit(10)).toMatchObject({ index: 10 });
  expect(await pisano.wait(10)).toMatchObject({ value: "55" });
});
