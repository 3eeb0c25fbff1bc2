import { expect, test } from "vitest";
import type { Pisano } from "../src/index.js";
import { fakePisano } from "./fakeServer.js";
import { Server } from "./server.js";

/** Returns F(n) for n >= 0. */
function fibonacci(n: number): bigint {
  let [a, b] = [0n, 1n];
  for (let i = 0; i < n; i++) {
    [a, b] = [b, a + b];
  }
  return a;
}

test("the explorer answers without a submission", async () => {
  const { pisano } = await Server.start();
  expect(await pisano.facts(-10)).toMatchObject({ index: "-10", number: { sign: -1, value: "-55" } });
  const { number } = await pisano.facts(10n ** 100n);
  expect(number).toMatchObject({ trailing: "32259930505954326207529447856359183788299560546875", sign: 1 });
  expect(await pisano.remainder(10, 7)).toMatchObject({ index: "10", modulus: "7", remainder: "6" });
  expect(await pisano.period(10)).toMatchObject({ period: "60", rank: "15", ratio: 4 });
  expect(await pisano.inverse(1)).toEqual({ indices: [-1, 1, 2], below: 0, above: 3 });
  expect(await pisano.inverse(fibonacci(10_000))).toMatchObject({ indices: [10_000] });
  expect(await pisano.zeckendorf(100)).toEqual({ value: "100", indices: [11, 6, 4] });
  expect((await pisano.indices().next()).done).toBe(true);
});

test("numbers yields a range, and ends with the loop", async () => {
  const { pisano } = await Server.start();
  const rows: [number, string][] = [];
  for await (const { index, value } of pisano.numbers(-2, 3)) {
    rows.push([index, value]);
  }
  expect(rows.map(([n]) => n)).toEqual([-2, -1, 0, 1, 2, 3]);
  expect(rows.map(([, value]) => value)).toEqual(["-1", "1", "0", "1", "1", "2"]);
  for await (const { index, value } of pisano.numbers(0, 9000)) {
    expect(BigInt(value)).toBe(fibonacci(index));
    if (index === 100) {
      break;
    }
  }
});

test("numbers throws where an answer is cut off", async () => {
  const [first, second] = [
    '{"index":1,"value":"1","digitCount":1,"ratio":null}',
    '{"index":2,"value":"1","digitCount":1,"ratio":1}',
  ];
  const cut: [text: string, rows: number, says: string][] = [
    ["", 0, "ends before F(1)"],
    [`${first}\n`, 1, "ends before F(2)"],
    [`${first}\n${second.slice(0, 20)}`, 1, "ends before F(2)"],
    [`${first}\n${second}\n`, 2, "ends before F(3)"],
    [`${second}\n`, 0, "F(2) in the place of F(1)"],
  ];
  for (const [text, expected, says] of cut) {
    const pisano = await fakePisano((_, response) => {
      response.writeHead(200, { "Content-Type": "application/x-ndjson" }).end(text);
    });
    let rows = 0;
    const read = async () => {
      for await (const _ of pisano.numbers(1, 3)) {
        rows++;
      }
    };
    await expect(read(), text).rejects.toThrow(says);
    expect(rows, text).toBe(expected);
  }
});

test("what the explorer refuses is a problem of a field", async () => {
  const { pisano } = await Server.start();
  const refused: ((pisano: Pisano) => Promise<unknown>)[] = [
    (pisano) => pisano.facts(10n ** 1001n),
    (pisano) => pisano.remainder(1, 0),
    (pisano) => pisano.period(0),
    (pisano) => pisano.zeckendorf(-1),
    (pisano) => pisano.numbers(0, 1_000_000).next(),
  ];
  for (const call of refused) {
    await expect(call(pisano)).rejects.toMatchObject({ problem: { status: 422 } });
  }
  await expect(pisano.facts(1.5)).rejects.toThrow(RangeError);
});
