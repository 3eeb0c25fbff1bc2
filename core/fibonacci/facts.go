package fibonacci

import (
	"math/bits"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/internal/modular"
)

// DigitCount returns the exact number of decimal digits of |F(n)|, which is 1 for
// F(0) = 0, in constant time. |n| must not exceed core.MaxIndex.
//
// F(n) is the integer closest to φⁿ/√5, so that for n > 1 it has ⌊n log₁₀ φ −
// log₁₀ √5⌋ + 1 digits.
func DigitCount(n core.Index) int64 {
	return digitCount(uint64(n.Abs()))
}

// digitCount is DigitCount for n ≥ 0.
func digitCount(n uint64) int64 {
	if n < 2 {
		return 1
	}
	whole, high := bits.Mul64(n, logPhi[0])
	carried, low := bits.Mul64(n, logPhi[1])
	high, carry := bits.Add64(high, carried, 0)
	_, borrow := bits.Sub64(low, logRoot5[1], 0)
	_, borrow = bits.Sub64(high, logRoot5[0], borrow)
	return int64(whole+carry-borrow) + 1
}

// log₁₀ φ and log₁₀ √5 in units of 2^−128, upper word first. n has 53 bits, which
// leaves 75 bits to decide on which side of an integer the product lies.
var (
	logPhi   = [2]uint64{0x358036c82451b7f3, 0x65d3db23845599f5}
	logRoot5 = [2]uint64{0x5977d95ec10c0219, 0xdc1da994fd20dba1}
)

// Mod returns F(n) modulo m, which is between 0 and m−1 also if F(n) is negative. It
// takes three multiplications modulo m for each bit of n. It panics if m is 0.
func Mod(n core.Index, m uint64) uint64 {
	r := mod(uint64(n.Abs()), m)
	if n.Negative() {
		return modular.Sub(0, r, m)
	}
	return r
}

// mod returns F(n) modulo m by doubling the pair F(k), F(k+1):
// F(2k) = F(k)(2F(k+1) − F(k)), F(2k+1) = F(k)² + F(k+1)². See D. E. Knuth,
// "The Art of Computer Programming" 1, section 1.2.8.
func mod(n, m uint64) uint64 {
	step, k := firstStep(n)
	a, b := firstWords[k]%m, firstWords[k+1]%m
	for step > 0 {
		step--
		c := modular.Mul(a, modular.Sub(modular.Add(b, b, m), a, m), m)
		d := modular.Add(modular.Mul(a, a, m), modular.Mul(b, b, m), m)
		a, b = c, d
		if n>>step&1 == 1 {
			a, b = d, modular.Add(c, d, m)
		}
	}
	return a
}
