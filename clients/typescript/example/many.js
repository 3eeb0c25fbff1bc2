// Calculates 2,000 Fibonacci numbers and follows the events. It goes on when the API restarts meanwhile.
import { Pisano } from "@pisano-dev/client";

const pisano = new Pisano(process.argv[2] ?? "http://localhost:8080/api");
const indices = Array.from({ length: 2_000 }, (_, i) => 10_000 + i);

const done = new AbortController();
const kinds = new Set();
async function follow() {
  for await (const event of pisano.events({ signal: done.signal })) {
    kinds.add(event.kind);
  }
}
const following = follow().catch(() => {}); // it ends with the signal

const seen = await pisano.submitAll(indices);
console.log(`${seen.length} submitted`);

const states = await pisano.waitAll(indices);
const failed = states.filter(({ state }) => state === "failed");
console.log(`${states.length - failed.length} calculated, ${failed.length} failed`);

for (const { index, digitCount } of states.slice(-1)) {
  console.log(`F(${index}) has ${digitCount} digits: ${await pisano.digitRange(index, 0, 5)}…`);
}
done.abort();
await following;
console.log(`Events: ${[...kinds].join(", ")}`);
