import { describe, expect, test, vi } from "vitest";
import { fakeApi, problem } from "../test/fakeApi";
import { accepted, seen } from "../test/samples";
import { pisano } from "./client";
import { isTransient, messageOf } from "./problem";

async function submissionError(): Promise<unknown> {
  return pisano.submit(10).then(
    () => expect.fail("the submission was accepted"),
    (error: unknown) => error,
  );
}

describe("messageOf", () => {
  test("returns the sentence of the API", async () => {
    fakeApi({ "POST /indices": () => problem(422, "tooLarge", "That is too large.") });
    const error = await submissionError();
    expect(messageOf(error)).toBe("That is too large.");
    expect(isTransient(error)).toBe(false);
  });

  test("groups the digits of the sentence as the page does", async () => {
    const sentence = "Indices from −100000000 to 100000000 are accepted here. F(1000) is no 0.12345.";
    fakeApi({ "POST /indices": () => problem(422, "tooLarge", sentence) });
    expect(messageOf(await submissionError())).toBe(
      "Indices from −100,000,000 to 100,000,000 are accepted here. F(1000) is no 0.12345.",
    );
  });

  test("says that nothing responds", async () => {
    fakeApi({});
    const error = await submissionError();
    expect(messageOf(error)).toMatch(/is not responding/);
    expect(isTransient(error)).toBe(true);
  });

  test("says that nothing responds after a timeout", async () => {
    vi.useFakeTimers();
    vi.stubGlobal("fetch", (_: Request, { signal }: { signal: AbortSignal }) => {
      return new Promise((_, reject) => {
        signal.onabort = () => reject(signal.reason);
      });
    });
    const error = submissionError();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(messageOf(await error)).toMatch(/is not responding/);
  });

  test("does not call an error of the page one of the network", async () => {
    vi.stubGlobal("fetch", () => {
      throw new ReferenceError("structuredClone is not defined");
    });
    expect(messageOf(await submissionError())).toMatch(/^Something went wrong on this page/);
  });

  test("needs nothing of AbortSignal that older browsers lack", async () => {
    vi.stubGlobal("AbortSignal", { ...AbortSignal, any: undefined, timeout: undefined });
    fakeApi({ "POST /indices": () => accepted(seen(10)) });
    await expect(pisano.submit(10)).resolves.toMatchObject({ index: 10 });
  });

  test("says that nothing responds where a front door answers for the API", async () => {
    fakeApi({ "POST /indices": () => new Response("<h1>502 Bad Gateway</h1>", { status: 502 }) });
    const error = await submissionError();
    expect(messageOf(error)).toMatch(/is not responding/);
    expect(isTransient(error)).toBe(true);
  });

  test("says that a login page may have answered", async () => {
    const page = () => new Response("<h1>Sign in</h1>", { headers: { "Content-Type": "text/html" } });
    fakeApi({ "POST /indices": page });
    const error = await submissionError();
    expect(messageOf(error)).toMatch(/your network has a sign-in page/);
    expect(isTransient(error)).toBe(false);
  });

  test("hides the text of errors of the page itself", () => {
    expect(messageOf(new TypeError("x is undefined"))).not.toMatch(/undefined/);
  });
});
