/* fibonacci N RUNS TIMES: prints for each run the mean time of TIMES calculations of F(N) as text, in nanoseconds. */
#include <gmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* Calculates F(n) as text and returns 0, or 1 if it is not a positive number. */
static int calculate(unsigned long n) {
  mpz_t f;
  mpz_init(f);
  mpz_fib_ui(f, n);
  char *text = mpz_get_str(NULL, 10, f);
  int wrong = text[0] == '-';
  free(text);
  mpz_clear(f);
  return wrong;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  unsigned long n = strtoul(argv[1], NULL, 10);
  long runs = atol(argv[2]), times = atol(argv[3]);
  /* As in measure.go: half a second of calculations, of F(10^7) at most. */
  for (long long start = now(); now() - start < 500000000LL;)
    if (calculate(n < 10000000 ? n : 10000000)) return 1;
  for (long run = 0; run < runs; run++) {
    long long start = now();
    for (long i = 0; i < times; i++)
      if (calculate(n)) return 1;
    printf("%lld\n", (now() - start) / times);
  }
  return 0;
}
