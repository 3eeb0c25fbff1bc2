\\ Golden values of the number explorer, by PARI/GP and no code of this project:
\\
\\     ROWS=1000 gp -q testdata/golden-explorer.gp > values.json
\\
\\ Each function has ROWS random arguments, 20 by default; the seed makes them the same each time. The file
\\ golden-explorer-pari.json has the default. `make check-explorer` compares 1,000 rows of each.

rows = if (getenv("ROWS"), eval(getenv("ROWS")), 20);
setrand(18);

\\ Logarithmically distributed, up to 10^k.
upto(k) = 1 + random(10^(1 + random(k)));

\\ An index: one in twenty has up to 1,000 digits.
index() = upto(if (random(20), 60, 1000));

\\ F(n) and F(n+1) modulo m by the matrix [1, 1; 1, 0].
pair(n, m) = my(a = lift((Mod(1, m) * [1, 1; 1, 0])^n)); [a[1, 2], a[1, 1]];

\\ The term of index n of the Fibonacci or the Lucas sequence, and its remainder.
term(n, lucas) = if (lucas, fibonacci(n - 1) + fibonacci(n + 1), fibonacci(n));
modulo(n, lucas, m) = my(p = pair(n, m)); if (lucas, 2 * p[2] - p[1], p[1]) % m;

padded(k, x) = my(s = Str(x)); while (#s < k, s = concat("0", s)); s;

\\ The number of digits, the first and the last 50, and the first 20 rounded, with the exponent.
facts(n, lucas) = {
  my(x, y, e, s, r, count, first, last);
  if (n < 3000,
    x = term(n, lucas);
    s = Str(x);
    e = #s - 1;
    first = if (#s > 50, Str(x \ 10^(#s - 50)), s);
    last = if (#s > 50, padded(50, x % 10^50), s);
    r = if (#s > 20, (x + 10^(#s - 20) \ 2) \ 10^(#s - 20), x)
  , \\ else
    localprec(#digits(n) + 200);
    y = n * log((1 + sqrt(5)) / 2) / log(10);
    if (!lucas, y -= log(5) / log(10) / 2);
    e = floor(y);
    first = Str(floor(10^(y - e + 49)));
    last = padded(50, modulo(n, lucas, 10^50));
    r = round(10^(y - e + 19))
  );
  count = e + 1;
  if (r == 10^20, r /= 10; e += 1);
  [count, first, last, r, e]
};

\\ The rank of apparition of p^e, by all divisors of a multiple.
rank(p, e) = {
  my(multiple = if (p == 2, 3, p == 5, 5, p - kronecker(5, p)) * p^(e - 1));
  fordiv(multiple, d, if (pair(d, p^e)[1] == 0, return(d)))
};

\\ The period and the rank of m.
period(m) = {
  my(f = factor(m), a = 1, s, k = 1);
  for (i = 1, #f~, a = lcm(a, rank(f[i, 1], f[i, 2])));
  s = Mod(pair(a, m)[2], m);
  while (s^k != 1, k *= 2);
  [a * k, a]
};

\\ The sum of the sequence modulo m over a period, and its length, by brute force.
cycle(m) = {
  my(a = 0, b = 1 % m, length = 0, total = 0);
  until (a == 0 && b == 1 % m, total += a; length++; [a, b] = [b, (a + b) % m]);
  [length, total]
};

\\ Greedy, from the largest Fibonacci number down.
zeckendorf(x) = {
  my(n = 2, v = []);
  while (fibonacci(n + 1) <= x, n++);
  while (x > 0, if (fibonacci(n) <= x, x -= fibonacci(n); v = concat(v, n)); n--);
  v
};

\\ Prints a list of objects as the member `name`.
list(name, row) = {
  print(",\n \"", name, "\": [");
  for (i = 1, rows, print("  {", row(i), if (i < rows, "},", "}")));
  print1(" ]")
};

factsrow(lucas) = {
  my(n = index(), v = facts(n, lucas));
  Str("\"n\": \"", n, "\", \"digitCount\": \"", v[1], "\", \"leading\": \"", v[2], "\", \"trailing\": \"", v[3], "\", \"rounded\": \"", v[4], "\", \"exponent\": \"", v[5], "\"")
};

modrow(lucas) = {
  my(n = index(), m = upto(if (random(20), 40, 1000)));
  Str("\"n\": \"", n, "\", \"m\": \"", m, "\", \"r\": \"", modulo(n, lucas, m), "\"")
};

\\ The primes below 1,000 that divide the terms.
primesrow() = {
  my(n = index(), divide(lucas) = select(p -> modulo(n, lucas, p) == 0, primes(168)));
  Str("\"n\": \"", n, "\", \"fibonacci\": ", divide(0), ", \"lucas\": ", divide(1))
};

\\ The d for which F(d) divides F(n), and L(d) divides L(n), by the index.
divisorsrow() = {
  my(n = 1 + random(2^(1 + random(53))), d = divisors(n));
  Str("\"n\": \"", n, "\", \"fibonacci\": ", d, ", \"lucas\": ", select(k -> n / k % 2 == 1, d))
};

\\ 1 for a prime, 0 for a composite, null for 0 and 1.
primalityrow() = {
  my(n = random(2000), verdict(x) = if (x < 2, "null", ispseudoprime(x)));
  Str("\"n\": \"", n, "\", \"fibonacci\": ", verdict(term(n, 0)), ", \"lucas\": ", verdict(term(n, 1)))
};

\\ Indices with a common factor, and the common divisor of the numbers themselves.
gcdrow() = {
  my(c = 1 + random(100), a = c * random(30), b = c * random(30));
  Str("\"a\": \"", a, "\", \"b\": \"", b, "\", \"gcd\": \"", gcd(fibonacci(a), fibonacci(b)), "\"")
};

periodsrow() = {
  my(m = if (random(4), 1 + random(2^(1 + random(64))), nextprime(random(2^32)) * precprime(2 + random(2^32))), v = period(m));
  Str("\"m\": \"", m, "\", \"period\": \"", v[1], "\", \"rank\": \"", v[2], "\"")
};

cyclesrow() = {
  my(m = 1 + random(500), v = cycle(m));
  Str("\"m\": ", m, ", \"length\": ", v[1], ", \"sum\": ", v[2])
};

zeckendorfrow() = {
  my(x = upto(if (random(10), 40, 200)));
  Str("\"x\": \"", x, "\", \"indices\": ", zeckendorf(x))
};

\\ A Fibonacci number, or one beside it. The index of 1 is 1.
inverserow() = {
  my(n = 5 + random(3000), beside = random(3) - 1);
  Str("\"x\": \"", fibonacci(n) + beside, "\", \"index\": ", if (beside, "null", n))
};

\\ The sum of the numbers of a range, and the last of them.
rangesrow() = {
  my(from = random(4000) - 2000, to = from + random(50));
  Str("\"from\": ", from, ", \"to\": ", to, ", \"last\": \"", fibonacci(to), "\", \"sum\": \"", sum(n = from, to, fibonacci(n)), "\"")
};

print1("{\n \"convention\": \"F(0)=0, F(1)=1; made by golden-explorer.gp\"");
list("facts", i -> factsrow(0));
list("lucasFacts", i -> factsrow(1));
list("mod", i -> modrow(0));
list("lucasMod", i -> modrow(1));
list("primeFactors", i -> primesrow());
list("divisors", i -> divisorsrow());
list("primality", i -> primalityrow());
list("gcds", i -> gcdrow());
list("periods", i -> periodsrow());
list("cycles", i -> cyclesrow());
list("zeckendorf", i -> zeckendorfrow());
list("inverse", i -> inverserow());
list("ranges", i -> rangesrow());
print("\n}");
quit;
