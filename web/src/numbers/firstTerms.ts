/** F(0) to F(93), all that are below 2^64. They need no server. */
export const firstTerms: readonly bigint[] = termsUpTo(93);

function termsUpTo(last: number): bigint[] {
  const terms = [0n, 1n];
  for (let n = 2; n <= last; n++) {
    terms.push((terms[n - 1] ?? 0n) + (terms[n - 2] ?? 0n));
  }
  return terms;
}
