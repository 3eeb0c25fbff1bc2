// Package modular is modular arithmetic on words: residues, constant factors
// and divisors, and the primes and roots of unity of number-theoretic
// transforms.
package modular

import "math/bits"

// Add returns a + b modulo m, for a and b below m.
func Add(a, b, m uint64) uint64 {
	sum, carry := bits.Add64(a, b, 0)
	if carry > 0 || sum >= m {
		sum -= m
	}
	return sum
}

// Sub returns a − b modulo m, for a and b below m.
func Sub(a, b, m uint64) uint64 {
	if a >= b {
		return a - b
	}
	return a + (m - b)
}

// Mul returns a·b modulo m. It takes a division: see Factor for products by a
// constant, and Redc for products by variables modulo a constant.
func Mul(a, b, m uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return bits.Rem64(hi, lo, m)
}

// Pow returns x^e modulo m.
func Pow(x, e, m uint64) uint64 {
	r := uint64(1) % m
	for ; e > 0; e >>= 1 {
		if e&1 == 1 {
			r = Mul(r, x, m)
		}
		x = Mul(x, x, m)
	}
	return r
}

// NegInverse returns −1/m modulo 2^64, for odd m, by Newton's iteration.
func NegInverse(m uint64) uint64 {
	inverse := m // correct modulo 2^3, and each step doubles the exponent
	for range 5 {
		inverse *= 2 - m*inverse
	}
	return -inverse
}

// Redc returns (hi·2^64 + lo)/2^64 modulo m, below m, for odd m below 2^63, hi
// below m and negInverse = NegInverse(m). See P. L. Montgomery, "Modular
// multiplication without trial division" (1985).
func Redc(hi, lo, m, negInverse uint64) uint64 {
	q, _ := bits.Mul64(lo*negInverse, m)
	if lo != 0 {
		hi++ // the low words add up to 2^64, unless both are 0
	}
	return min(hi+q, hi+q-m)
}

// Factor is a constant that many words are multiplied by modulo m, without
// division: W is the constant, below m, and Quotient is ⌊W·2^64/m⌋.
type Factor struct{ W, Quotient uint64 }

// NewFactor returns the constant w modulo m, for w below m.
func NewFactor(w, m uint64) Factor {
	q, _ := bits.Div64(w, 0, m)
	return Factor{w, q}
}

// Times returns x·f modulo m, below 2m, for any x; 2m must fit a word. The
// quotient that is subtracted is exact or one too small: the method of V.
// Shoup's library NTL.
func (f Factor) Times(x, m uint64) uint64 {
	q, _ := bits.Mul64(x, f.Quotient)
	return x*f.W - q*m
}

// Divisor divides words below 2^63 by a constant, without division. See T.
// Granlund and P. L. Montgomery, "Division by invariant integers using
// multiplication" (1994).
type Divisor struct {
	D          uint64 // the constant
	reciprocal uint64 // ⌈2^(64+shift)/D⌉
	shift      int
}

// NewDivisor returns the Divisor d, for d > 1 that is not a power of 2.
func NewDivisor(d uint64) Divisor {
	shift := bits.Len64(d) - 1
	quotient, _ := bits.Div64(1<<shift, 0, d)
	return Divisor{d, quotient + 1, shift}
}

// Divide returns ⌊x/D⌋ and the remainder, for x below 2^63.
func (d *Divisor) Divide(x uint64) (quotient, remainder uint64) {
	q, _ := bits.Mul64(x, d.reciprocal)
	q >>= d.shift & 63
	return q, x - q*d.D
}
