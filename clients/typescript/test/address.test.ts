import { expect, test } from "vitest";
import { NoAnswerError, Pisano } from "../src/index.js";

test.each(["localhost:8080/api", "/api", "", "ftp://localhost/api", "http://", "not a URL"])(
  "Pisano refuses %j as an address",
  (address) => {
    expect(() => new Pisano(address)).toThrow(`${JSON.stringify(address)} is not the address of an API`);
  },
);

test.each(["http://user:secret@host/api", "http://host/api?key=secret", "http://host/api#secret"])(
  "Pisano refuses an address with more than a path and does not repeat it: %s",
  (address) => {
    expect(() => new Pisano(address)).toThrow(/^The address of the API on host must(?!.*secret)/);
  },
);

test("NoAnswerError names the address and the reason", async () => {
  const pisano = new Pisano("http://127.0.0.1:1/api/", { retrySeconds: 0 });
  const error = await pisano
    .values()
    .next()
    .catch((error: unknown) => error);
  expect(error).toBeInstanceOf(NoAnswerError);
  expect(error).toMatchObject({ url: "http://127.0.0.1:1/api/values", cause: expect.any(TypeError) });
  expect((error as Error).message).toMatch(/^Nothing answers at http:\/\/127\.0\.0\.1:1\/api\/values \(/);
});

test("a call that was aborted throws the reason of its signal", async () => {
  const pisano = new Pisano("http://127.0.0.1:1/api");
  const reason = new Error("no longer needed");
  await expect(pisano.status({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});
