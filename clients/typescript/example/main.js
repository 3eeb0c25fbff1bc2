// Calculates a Fibonacci number on a Pisano server, reports the progress, and prints the first digits.
//
//   node example/main.js http://localhost:8080/api 10000000

import { Pisano, ProblemError } from "@pisano-dev/client";

const [address, argument] = process.argv.slice(2);
if (address === undefined || argument === undefined) {
  console.error("usage: main.js ADDRESS INDEX");
  process.exit(2);
}
const pisano = new Pisano(address);
const index = Number(argument);

/** @param {AbortSignal} signal */
async function watch(signal) {
  for await (const event of pisano.events({ signal })) {
    if (event.kind === "progress" && event.index === index) {
      console.log(`${Math.round(100 * event.progress)} %`);
    }
  }
}

const done = new AbortController();
try {
  await pisano.submit(index);
  watch(done.signal).catch(() => {}); // progress is optional
  const { state, reason, digitCount } = await pisano.wait(index);
  if (state === "failed") {
    throw new Error(reason);
  }
  const beginning = await pisano.digitRange(index, 0, 20);
  console.log(`F(${index}) has ${digitCount} digits. It begins with ${beginning}.`);
} catch (error) {
  console.error(error instanceof ProblemError ? error.message : error);
  process.exitCode = 1;
} finally {
  done.abort();
}
