package ntt

import "math/bits"

// recombination makes coefficients of residues for both primes, by H. L.
// Garner's form of the Chinese remainder theorem, and digits of coefficients.
//
// A coefficient is x + p0·h, for x below p0 and h below p1. It has up to 122
// bits, but it is never put together: with p0 and h in base radix, p0 = P1·radix
// + P0 and h = h1·radix + h0, all that is divided fits a word.
type recombination struct {
	scale0 factor // takes the transforms' factor away, modulo p0
	scale1 factor // the same modulo p1, and divides by p0
	inv    factor // 1/p0 modulo p1

	radix      uint64
	reciprocal uint64 // ⌈2^(64+shift)/radix⌉
	shift      int
	p0Low      factor // P0 modulo radix
	p0High     uint64 // P1
}

// recombinations[k] undoes the factor 2^k that transforms of 2^k points leave,
// and the divisor 2^64 that Form.apply leaves.
var recombinations = func() (r [maxOrder + 1]recombination) {
	m0, m1 := primes[0], primes[1]
	inv := m1.inverse(m0.p % m1.p)
	s0, s1 := -m0.p%m0.p, m1.mul(-m1.p%m1.p, inv) // 2^64, and 2^64/p0
	half0, half1 := m0.p/2+1, m1.p/2+1
	for k := range r {
		r[k] = recombination{scale0: m0.factor(s0), scale1: m1.factor(s1), inv: m1.factor(inv)}
		s0, s1 = m0.mul(s0, half0), m1.mul(s1, half1)
	}
	return r
}()

// newRecombination undoes the factors of transforms of 2^order points.
func newRecombination(order int, radix uint64) recombination {
	r := recombinations[order]
	r.radix = radix
	r.shift = bits.Len64(radix) - 1
	quotient, _ := bits.Div64(1<<r.shift, 0, radix)
	r.reciprocal = quotient + 1
	low := primes[0].p % radix
	quotient, _ = bits.Div64(low, 0, radix)
	r.p0Low, r.p0High = factor{low, quotient}, primes[0].p/radix
	return r
}

// divide returns x/radix and the remainder, for x below 2^63. See T. Granlund
// and P. L. Montgomery, "Division by invariant integers using multiplication"
// (1994).
func (r *recombination) divide(x uint64) (quotient, rest uint64) {
	q, _ := bits.Mul64(x, r.reciprocal)
	q >>= r.shift & 63
	return q, x - q*r.radix
}

// carry sets points to the digits of the number whose coefficients have the
// residues x0 and x1 but for their scale, and returns the two points that are
// carried out.
func (r *recombination) carry(points, x0, x1 []uint64) (c0, c1 uint64) {
	p0, p1, radix := primes[0].p, primes[1].p, r.radix
	x0, x1 = x0[:len(points)], x1[:len(points)]
	for i := range points {
		x := reduce(times(x0[i], r.scale0, p0), p0)
		h := times(x1[i], r.scale1, p1) + 2*p1 - times(x, r.inv, p1)
		h = reduce(reduce(h, 2*p1), p1)

		h1, h0 := r.divide(h)
		// x + P0·h0 is below 2^62 + q·radix.
		q, _ := bits.Mul64(h0, r.p0Low.quotient)
		q1, d0 := r.divide(x + h0*r.p0Low.w - q*radix)
		// P1 is below 2^61/radix, so this is below 2^63.
		d2, d1 := r.divide(h1*r.p0Low.w + h0*r.p0High + q + q1)
		d2 += h1 * r.p0High

		s, over0 := carryOne(c0+d0, radix)
		s, over1 := carryOne(s, radix)
		points[i] = s
		c0, c1 = c1+d1+over0+over1, d2
	}
	return c0, c1
}

func carryOne(x, radix uint64) (rest, over uint64) {
	rest, under := bits.Sub64(x, radix, 0)
	return rest + radix&-under, 1 - under
}
