package modular_test

import (
	"math/rand/v2"
	"testing"

	"github.com/pisano-dev/pisano/core/internal/modular"
)

func TestIsPrime_AgreesWithMathBig(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 13))
	// Strong pseudoprimes to the first bases, the last of them to eleven.
	numbers := []uint64{3_215_031_751, 3_474_749_660_383, 341_550_071_728_321, 3_825_123_056_546_413_051}
	for m := uint64(55); m < 20_000; m += 2 {
		numbers = append(numbers, m)
	}
	for range 20_000 {
		numbers = append(numbers, 1<<60|r.Uint64N(1<<60)|1, r.Uint64()>>r.IntN(50)>>1|1<<12|1)
	}
	for range 1000 { // without small factors
		if p, q := 1<<28|r.Uint64N(1<<28)|1, 1<<30|r.Uint64N(1<<30)|1; modular.IsPrime(p) && modular.IsPrime(q) {
			numbers = append(numbers, p*p, p*q)
		}
	}
	primes := 0
	for _, m := range numbers {
		got := modular.IsPrime(m)
		if want := word(m).ProbablyPrime(0); got != want { // which is exact for words
			t.Fatalf("IsPrime(%d) = %t", m, got)
		}
		if got {
			primes++
		}
	}
	if primes < 1000 {
		t.Errorf("%d of %d numbers are prime", primes, len(numbers))
	}
}
