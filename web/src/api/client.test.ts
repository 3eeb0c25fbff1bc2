import { describe, expect, test, vi } from "vitest";
import { fakeApi, problem } from "../test/fakeApi";
import { submitIndex } from "./indices";
import { isTransient, messageOf } from "./problem";

async function refusal(): Promise<unknown> {
  return submitIndex(10).then(
    () => expect.fail("it was accepted"),
    (error: unknown) => error,
  );
}

describe("a request that fails throws a sentence for people", () => {
  test("the API's own, when there is one", async () => {
    fakeApi({ "POST /indices": () => problem(422, "tooLarge", "That is too large.") });
    const error = await refusal();
    expect(messageOf(error)).toBe("That is too large.");
    expect(isTransient(error)).toBe(false);
  });

  test("ours, when nobody answers", async () => {
    fakeApi({});
    const error = await refusal();
    expect(messageOf(error)).toMatch(/does not answer just now/);
    expect(isTransient(error)).toBe(true);
  });

  test("ours, when somebody is there who says nothing", async () => {
    vi.useFakeTimers();
    vi.stubGlobal("fetch", (_: Request, { signal }: { signal: AbortSignal }) => {
      return new Promise((_, reject) => {
        signal.onabort = () => reject(signal.reason);
      });
    });
    const error = refusal();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(messageOf(await error)).toMatch(/does not answer just now/);
  });

  test("ours, when a front door answers for an API that is away", async () => {
    fakeApi({ "POST /indices": () => new Response("<h1>502 Bad Gateway</h1>", { status: 502 }) });
    const error = await refusal();
    expect(messageOf(error)).toMatch(/does not answer just now/);
    expect(isTransient(error)).toBe(true);
  });

  test("ours, when a login page answers in its place", async () => {
    const page = () => new Response("<h1>Sign in</h1>", { headers: { "Content-Type": "text/html" } });
    fakeApi({ "POST /indices": page });
    const error = await refusal();
    expect(messageOf(error)).toMatch(/perhaps a login page/);
    expect(isTransient(error)).toBe(false);
  });

  test("and for what is not a problem of the API, that it was the page", () => {
    expect(messageOf(new TypeError("x is undefined"))).not.toMatch(/undefined/);
  });
});
