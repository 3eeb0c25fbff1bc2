import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { expect, test, vi } from "vitest";
import type { Pisano } from "../src/index.js";
import { Server, textOf } from "./server.js";

async function calculated(pisano: Pisano, index: number) {
  await pisano.submit(index);
  const value = await pisano.wait(index);
  expect(value.state).toBe("calculated");
  return value;
}

/** Applies a function to all the items. */
async function all<T, U>(items: AsyncIterable<T>, of: (item: T) => U): Promise<U[]> {
  const results: U[] = [];
  for await (const item of items) {
    results.push(of(item));
  }
  return results;
}

test("wait returns the value of a submitted index", async () => {
  const { pisano } = await Server.start();
  expect(await pisano.submit(-8)).toMatchObject({ index: -8, submissions: 1 });
  const value = await pisano.wait(-8);
  expect(value).toMatchObject({ state: "calculated", value: "-21", sign: -1, digitCount: 2 });
  expect(value).not.toHaveProperty("leading");
  expect(await pisano.value(-8)).toEqual(value);
  expect(await pisano.submit(-8)).toMatchObject({ state: "calculated", submissions: 2 });
});

test("http has every operation with its types", async () => {
  const { pisano } = await Server.start();
  const { data } = await pisano.http.GET("/readyz");
  expect(data?.dependencies.map((dependency) => dependency.status)).toEqual(["ok", "ok", "ok"]);
});

test("estimate returns the cost and submits nothing", async () => {
  const { pisano } = await Server.start();
  const estimate = await pisano.estimate(-1000);
  expect(estimate).toMatchObject({ index: -1000, digits: 209 });
  expect(estimate.bytes).toBeGreaterThan(0);
  expect(estimate.seconds).toBeGreaterThan(0);
  expect(await all(pisano.indices(), (seen) => seen.index)).toEqual([]);
  await expect(pisano.estimate(1_000_000_000)).rejects.toMatchObject({ problem: { kind: "tooLarge" } });
});

test("status reports each part", async () => {
  const { pisano } = await Server.start();
  await calculated(pisano, 10); // by a worker, which is then known
  // A status from before the worker started is cached for a second.
  const { parts } = await vi.waitFor(
    async () => {
      const status = await pisano.status();
      expect(status.parts[4]?.status).toBe("ok");
      return status;
    },
    { timeout: 120_000 },
  );
  expect(parts.map(({ name, status }) => [name, status])).toEqual(
    ["api", "indexStore", "valueCache", "workQueue", "worker"].map((name) => [name, "ok"]),
  );
  expect(parts[3]).toHaveProperty("waiting");
  expect(parts[4]).toMatchObject({ count: 1 });
});

test("indices yields 5,000 indices in order, page by page", async () => {
  const { pisano } = await Server.start();
  for (let first = 0; first < 5000; first += 1000) {
    const seen = await pisano.submitAll(Array.from({ length: 1000 }, (_, i) => first + i));
    expect([seen.length, seen[0]?.index, seen[999]?.index]).toEqual([1000, first, first + 999]);
  }
  const indices = await all(pisano.indices(), (seen) => seen.index);
  expect(indices).toEqual(Array.from({ length: 5000 }, (_, i) => 4999 - i)); // newest first
});

test("values yields the calculated values", async () => {
  const { pisano } = await Server.start();
  for (const index of [0, 1, 10]) {
    await calculated(pisano, index);
  }
  expect(await all(pisano.values(), ({ index, value }) => [index, value])).toEqual([
    [10, "55"],
    [1, "1"],
    [0, "0"],
  ]);
});

test("digits returns all digits and any range of them", async () => {
  const { pisano } = await Server.start();
  // F(1000000), as in testdata/golden.json.
  const index = 1_000_000;
  const { digitCount = 0 } = await calculated(pisano, index);
  const whole = await textOf(pisano.digits(index));
  expect(whole).toHaveLength(208_988);
  expect(createHash("sha256").update(whole).digest("hex")).toBe(
    "aef6e8c19df607aa07940f2abde8460d1b34c18df1a6f46b5fc04dfe9be51706",
  );
  let joined = "";
  for (let first = 0; first < digitCount; first += 50_000) {
    joined += await textOf(pisano.digits(index, { first, count: 50_000 })); // the last range is shorter
  }
  expect(joined === whole).toBe(true);
  expect(await textOf(pisano.digits(index, { first: 208_978 }))).toBe(whole.slice(-10));
});

test("wait and indices end with their signal", async () => {
  const { pisano } = await Server.start({ PISANO_MAX_INDEX: "1000000000" });
  await pisano.submit(500_000_000);
  const signal = AbortSignal.timeout(200);
  await expect(pisano.wait(500_000_000, { signal })).rejects.toHaveProperty("name", "TimeoutError");
  await expect(pisano.indices({ signal }).next()).rejects.toHaveProperty("name", "TimeoutError");
});

test("the example runs on the built package", async () => {
  const { server } = await Server.start();
  const { stdout } = await promisify(execFile)("node", ["example/main.js", `${server.url}/api`, "1000"], {
    timeout: 120_000,
  });
  expect(stdout).toContain("F(1000) has 209 digits. It begins with 43466557686937456435.\n");
});
