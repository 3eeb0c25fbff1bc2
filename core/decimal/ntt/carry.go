package ntt

import "math/bits"

// recombination makes coefficients of residues for both primes, and digits of
// coefficients.
type recombination struct {
	scale0 factor // takes the transforms' factor away, modulo p0
	scale1 factor // the same modulo p1, and divides by p0
	inv    factor // 1/p0 modulo p1
	radix  uint64
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

// coefficient returns the number below p0·p1 with the residues x0/scale and
// x1/scale, by H. L. Garner's form of the Chinese remainder theorem.
func (r *recombination) coefficient(x0, x1 uint64) (hi, lo uint64) {
	p0, p1 := primes[0].p, primes[1].p
	low := reduce(times(x0, r.scale0, p0), p0)
	high := times(x1, r.scale1, p1) + 2*p1 - times(low, r.inv, p1)
	high = reduce(reduce(high, 2*p1), p1)
	hi, lo = bits.Mul64(high, p0)
	lo, carry := bits.Add64(lo, low, 0)
	return hi + carry, lo
}

// carry sets points to the digits of the number whose coefficients have the
// residues x0 and x1, and returns the two points that are carried out.
func (r *recombination) carry(points, x0, x1 []uint64) (c0, c1 uint64) {
	radix := r.radix
	x0, x1 = x0[:len(points)], x1[:len(points)]
	for i := range points {
		hi, lo := r.coefficient(x0[i], x1[i])
		// The coefficient is d2·radix² + d1·radix + d0.
		qhi := hi / radix
		qlo, d0 := bits.Div64(hi%radix, lo, radix)
		d2, d1 := bits.Div64(qhi, qlo, radix)
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
