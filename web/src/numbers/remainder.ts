/** Returns F(n) modulo m, from 0 to m − 1, by fast doubling: F(2k) = F(k) · (2F(k+1) − F(k)), F(2k+1) = F(k)² + F(k+1)². */
export function remainder(n: number, m: bigint): bigint {
  let [term, next] = [0n, 1n % m];
  for (const bit of BigInt(Math.abs(n)).toString(2)) {
    const even = (term * (2n * next - term)) % m;
    const odd = (term * term + next * next) % m;
    [term, next] = bit === "1" ? [odd, (even + odd) % m] : [even, odd];
  }
  // F(−n) is −F(n) for even n.
  const signed = n < 0 && n % 2 === 0 ? -term : term;
  return ((signed % m) + m) % m;
}
