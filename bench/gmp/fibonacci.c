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

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  unsigned long n = strtoul(argv[1], NULL, 10);
  long runs = atol(argv[2]), times = atol(argv[3]);
  for (long run = 0; run < runs; run++) {
    long long start = now();
    for (long i = 0; i < times; i++) {
      mpz_t f;
      mpz_init(f);
      mpz_fib_ui(f, n);
      char *text = mpz_get_str(NULL, 10, f);
      if (text[0] == '-') return 1;
      free(text);
      mpz_clear(f);
    }
    printf("%lld\n", (now() - start) / times);
  }
  return 0;
}
