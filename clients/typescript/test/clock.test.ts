import { expect, test, vi } from "vitest";
import { fakePisano } from "./fakeServer.js";

test("wait asks again in time though the clock is set back", async () => {
  let now = Date.now();
  const clock = vi.spyOn(Date, "now").mockImplementation(() => now);
  let asked = 0;
  const pisano = await fakePisano((_, response) => {
    asked++;
    now -= 3_600_000;
    const state = asked === 1 ? { state: "pending" } : { state: "failed", reason: "none" };
    response
      .writeHead(200, { "Content-Type": "application/json" })
      .end(JSON.stringify({ index: 1, ...state }));
  });
  try {
    expect(await pisano.wait(1, { signal: AbortSignal.timeout(120_000) })).toMatchObject({ state: "failed" });
  } finally {
    clock.mockRestore();
  }
  expect(asked).toBe(2);
});
