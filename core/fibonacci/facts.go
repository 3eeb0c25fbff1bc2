package fibonacci

import (
	"math/big"
	"math/bits"

	"github.com/pisano-dev/pisano/core"
)

// DigitCount returns the count of decimal digits of |F(n)|, exactly, without
// calculating F(n); 0 has one. n must be an index up to core.MaxIndex in size.
//
// F(n) is φⁿ/√5 to the nearest integer, so from n = 2 on its count of digits is
// ⌊n log₁₀ φ − log₁₀ √5⌋ + 1.
func DigitCount(n core.Index) int64 {
	return digitCount(uint64(n.Abs()))
}

func digitCount(n uint64) int64 {
	if n < 2 {
		return 1
	}
	x := new(big.Int).SetUint64(n)
	x.Mul(x, logPhi)
	x.Sub(x, logRoot5)
	return x.Rsh(x, logBits).Int64() + 1
}

// log₁₀ φ and log₁₀ √5 in units of 2^−128: n has 53 bits, which leaves 75 for
// telling on which side of an integer the product lies.
const logBits = 128

var (
	logPhi, _   = new(big.Int).SetString("71114808881484351271343921242603624949", 10)
	logRoot5, _ = new(big.Int).SetString("118923583741099549856681249090832489377", 10)
)

// Mod returns F(n) modulo m, between 0 and m−1, for any n and m ≥ 1, in time
// that grows with the count of bits of n. It panics if m is 0.
func Mod(n core.Index, m uint64) uint64 {
	r := mod(uint64(n.Abs()), m)
	if n.Negative() {
		return subMod(0, r, m)
	}
	return r
}

// mod returns F(n) modulo m by doubling the pair F(k), F(k+1):
// F(2k) = F(k)(2F(k+1) − F(k)), F(2k+1) = F(k)² + F(k+1)². See D. E. Knuth,
// "The Art of Computer Programming" 1, section 1.2.8.
func mod(n, m uint64) uint64 {
	a, b := uint64(0), 1%m
	for i := bits.Len64(n) - 1; i >= 0; i-- {
		c := mulMod(a, subMod(addMod(b, b, m), a, m), m)
		d := addMod(mulMod(a, a, m), mulMod(b, b, m), m)
		a, b = c, d
		if n>>i&1 == 1 {
			a, b = d, addMod(c, d, m)
		}
	}
	return a
}

func addMod(a, b, m uint64) uint64 {
	sum, over := bits.Add64(a, b, 0)
	if over > 0 || sum >= m {
		sum -= m
	}
	return sum
}

func subMod(a, b, m uint64) uint64 {
	if a >= b {
		return a - b
	}
	return a + (m - b)
}

func mulMod(a, b, m uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return bits.Rem64(hi, lo, m)
}
