import type { RequestListener, ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { ForeignAnswerError, Pisano } from "../src/index.js";
import { fakePisano, listen } from "./fakeServer.js";
import { Server } from "./server.js";

/** Every call of a client. */
const calls: Record<string, (pisano: Pisano) => Promise<unknown>> = {
  submit: (pisano) => pisano.submit(0),
  submitAll: (pisano) => pisano.submitAll([1, 2]),
  estimate: (pisano) => pisano.estimate(1),
  status: (pisano) => pisano.status(),
  value: (pisano) => pisano.value(1),
  wait: (pisano) => pisano.wait(1),
  states: (pisano) => pisano.states([1, 2]),
  waitAll: (pisano) => pisano.waitAll([1, 2]),
  indices: (pisano) => pisano.indices().next(),
  values: (pisano) => pisano.values().next(),
  digits: (pisano) => pisano.digits(1),
  "some digits": (pisano) => pisano.digits(1, { first: 5, count: 2 }),
  digitRange: (pisano) => pisano.digitRange(1, 5, 2),
  facts: (pisano) => pisano.facts(1),
  remainder: (pisano) => pisano.remainder(1, 2),
  period: (pisano) => pisano.period(1),
  inverse: (pisano) => pisano.inverse(1),
  "inverse of a long number": (pisano) => pisano.inverse(10n ** 1000n),
  zeckendorf: (pisano) => pisano.zeckendorf(1),
  numbers: (pisano) => pisano.numbers(0, 9).next(),
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

/** Answers that are not from Pisano, each with the error expected for it. */
const foreign: Record<string, { answer: RequestListener; expected: object }> = {
  "a page": {
    answer: (_, response) => {
      response.writeHead(200, { "Content-Type": "Text/HTML; charset=utf-8" }).end(loginPage);
    },
    expected: login,
  },
  "a redirect to a page": {
    answer: ({ url }, response) => {
      if (url?.startsWith("/login")) {
        response.writeHead(200, { "Content-Type": "text/html" }).end(loginPage);
      } else {
        response.writeHead(302, { Location: "/login?next=secret" }).end();
      }
    },
    expected: { ...login, url: expect.stringMatching(/:\d+\/login$/) },
  },
  "an empty answer": {
    answer: (_, response) => {
      response.writeHead(200).end();
    },
    expected: { status: 200, contentType: "", start: "" },
  },
  "204": {
    answer: (_, response) => {
      response.writeHead(204).end();
    },
    expected: { status: 204, contentType: "", start: "" },
  },
  "other JSON": {
    answer: (_, response) => {
      json(response, '{"name": "other",\n "version": 2}');
    },
    expected: { status: 200, contentType: "application/json", start: '{"name": "other", "version": 2}' },
  },
  "a JSON list": {
    answer: (_, response) => {
      json(response, "[]");
    },
    expected: { status: 200, contentType: "application/json", start: "[]" },
  },
  "truncated JSON": {
    answer: (_, response) => {
      json(response, '{"index": 1, "state": "pend');
    },
    expected: { status: 200, contentType: "application/json", start: '{"index": 1, "state": "pend' },
  },
  "endless text": {
    answer: (_, response) => {
      response.writeHead(200, { "Content-Type": "application/octet-stream" }).write("é".repeat(100_000));
    },
    expected: { status: 200, contentType: "application/octet-stream", start: `${"é".repeat(100)}…` },
  },
};

describe.each(Object.keys(foreign))("ForeignAnswerError for %s", (name) => {
  test.each(Object.keys(calls))("from %s", async (call) => {
    const { answer, expected } = foreign[name] as (typeof foreign)[string];
    const pisano = await fakePisano(answer);
    const error = await calls[call]?.(pisano).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ForeignAnswerError);
    expect(error).toMatchObject(expected);
    const { url, status, contentType, message } = error as ForeignAnswerError;
    for (const part of [url, String(status), contentType]) {
      expect(message).toContain(part);
    }
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//);
    expect(message).not.toContain("secret");
  });
});

test("submit and submitAll reject the answer to another submission", async () => {
  const pisano = await fakePisano((_, response) => {
    json(response, '{"index": 8, "items": [{"index": 8, "state": "pending"}]}');
  });
  await expect(pisano.submit(1)).rejects.toThrow("not about index 1");
  await expect(pisano.submitAll([1, 2])).rejects.toThrow("not about the 2 indices");
  // A 301 turns the POST of a submission into the GET of a list.
  const moved = await fakePisano(({ url }, response) => {
    if (url === "/v2/indices") {
      json(response, '{"items": []}');
    } else {
      response.writeHead(301, { Location: "/v2/indices" }).end();
    }
  });
  await expect(moved.submit(0)).rejects.toThrow("not about index 0");
  await expect(moved.submitAll([1])).rejects.toThrow("not about the 1 indices");
});

test("submit follows a redirect that keeps the method", async () => {
  const { server } = await Server.start();
  const address = await listen(({ url }, response) => {
    response.writeHead(308, { Location: `${server.url}${url}` }).end();
  });
  const pisano = new Pisano(`${address}/api`);
  expect(await pisano.submit(10)).toMatchObject({ index: 10 });
  expect(await pisano.wait(10)).toMatchObject({ value: "55" });
});
