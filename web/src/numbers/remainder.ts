import type { Index } from "./largeIndex";

/** Returns F(n) modulo m, from 0 to m − 1, by fast doubling: F(2k) = F(k) · (2F(k+1) − F(k)), F(2k+1) = F(k)² + F(k+1)². */
export function remainder(n: Index, m: bigint): bigint {
  const index = BigInt(n);
  let [term, next] = [0n, 1n % m];
  for (const bit of index.toString(2).replace("-", "")) {
    const even = (term * (2n * next - term)) % m;
    const odd = (term * term + next * next) % m;
    [term, next] = bit === "1" ? [odd, (even + odd) % m] : [even, odd];
  }
  // F(−n) is −F(n) for even n.
  const signed = index < 0n && index % 2n === 0n ? -term : term;
  return ((signed % m) + m) % m;
}
