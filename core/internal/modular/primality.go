package modular

import "math/bits"

// IsPrime reports whether m is prime, for odd m above 53 and below 2^63.
//
// It is the test of M. O. Rabin, "Probabilistic algorithm for testing primality"
// (1980), with the first twelve primes as bases. No composite below 3.18·10^23
// passes: J. Sorenson and J. Webster, "Strong pseudoprimes to twelve prime bases"
// (2017). Most composites have a factor that is tried before.
func IsPrime(m uint64) bool {
	for _, q := range [...]uint64{3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53} {
		if m%q == 0 {
			return false
		}
	}
	// Residues are multiplied in Montgomery form.
	negInverse, one := NegInverse(m), -m%m
	times := func(x, y uint64) uint64 {
		hi, lo := bits.Mul64(x, y)
		return Redc(hi, lo, m, negInverse)
	}
	twos := bits.TrailingZeros64(m - 1)
	odd := (m - 1) >> twos
bases:
	for _, base := range [...]uint64{2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37} {
		b, x := Mul(one, base, m), one
		for i := bits.Len64(odd) - 1; i >= 0; i-- {
			x = times(x, x)
			if odd>>i&1 == 1 {
				x = times(x, b)
			}
		}
		if x == one || x == m-one {
			continue
		}
		for range twos - 1 {
			if x = times(x, x); x == m-one {
				continue bases
			}
		}
		return false
	}
	return true
}
