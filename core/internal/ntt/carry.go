package ntt

import (
	"math/bits"

	"github.com/pisano-dev/pisano/core/internal/modular"
)

// recombination recovers coefficients from their residues modulo both primes, by
// Garner's form of the Chinese remainder theorem, and splits them into digits: D.
// E. Knuth, "The Art of Computer Programming" 2, section 4.3.2.
//
// A coefficient is x + p0·h, for x below p0 and h below p1. It has up to 122
// bits and is never calculated as a whole: with p0 = P1·radix + P0 and h =
// h1·radix + h0 all dividends fit a word.
type recombination struct {
	scale0 factor // removes the factor of the transforms, modulo p0
	scale1 factor // the same modulo p1, divided by p0
	inv    factor // 1/p0 modulo p1

	radix  modular.Divisor
	p0Low  factor // P0, modulo radix
	p0High uint64 // P1
}

// recombinations[k] removes the factor 2^k of transforms of 2^k points, and the
// divisor 2^64 of Form.apply.
var recombinations = func() (r [maxOrder + 1]recombination) {
	m0, m1 := primes[0], primes[1]
	inv := m1.Inverse(m0.P % m1.P)
	s0, s1 := -m0.P%m0.P, m1.Mul(-m1.P%m1.P, inv) // 2^64, and 2^64/p0
	half0, half1 := m0.P/2+1, m1.P/2+1
	for k := range r {
		r[k] = recombination{scale0: m0.factor(s0), scale1: m1.factor(s1), inv: m1.factor(inv)}
		s0, s1 = m0.Mul(s0, half0), m1.Mul(s1, half1)
	}
	return r
}()

// newRecombination returns the recombination after transforms of 2^order points.
func newRecombination(order int, radix uint64) recombination {
	r := recombinations[order]
	r.radix = modular.NewDivisor(radix)
	r.p0Low, r.p0High = modular.NewFactor(primes[0].P%radix, radix), primes[0].P/radix
	return r
}

// carry sets points to the digits of the number whose coefficients have the
// residues x0 and x1, which are not scaled yet, and returns the two points that
// are carried out.
func (r *recombination) carry(points, x0, x1 []uint64) (c0, c1 uint64) {
	p0, p1, radix := primes[0].P, primes[1].P, r.radix.D
	x0, x1 = x0[:len(points)], x1[:len(points)]
	for i := range points {
		x := reduce(r.scale0.Times(x0[i], p0), p0)
		h := r.scale1.Times(x1[i], p1) + 2*p1 - r.inv.Times(x, p1)
		h = reduce(reduce(h, 2*p1), p1)

		h1, h0 := r.radix.Divide(h)
		// x + P0·h0 is below 2^62 + q·radix.
		q, _ := bits.Mul64(h0, r.p0Low.Quotient)
		q1, d0 := r.radix.Divide(x + h0*r.p0Low.W - q*radix)
		// P1 is below 2^61/radix, so this is below 2^63.
		d2, d1 := r.radix.Divide(h1*r.p0Low.W + h0*r.p0High + q + q1)
		d2 += h1 * r.p0High

		s, over0 := carryOne(c0+d0, radix)
		s, over1 := carryOne(s, radix)
		points[i] = s
		c0, c1 = c1+d1+over0+over1, d2
	}
	return c0, c1
}

// carryOne returns x − radix and 1 if x ≥ radix, else x and 0.
func carryOne(x, radix uint64) (rest, over uint64) {
	rest, under := bits.Sub64(x, radix, 0)
	return rest + radix&-under, 1 - under
}
