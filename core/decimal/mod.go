package decimal

import (
	"math/bits"

	"github.com/pisano-dev/pisano/core/internal/modular"
)

// Mod returns x modulo m. It panics if m is 0. It is fastest for m below 2^61;
// see also Modulus.
func (x Natural) Mod(m uint64) uint64 {
	if m < maxModulus && len(x.words) >= 2*modBlock {
		return NewModulus(m).Of(x)
	}
	r, base := uint64(0), Base%m
	for i := len(x.words) - 1; i >= 0; i-- {
		hi, lo := bits.Mul64(r, base)
		lo, carry := bits.Add64(lo, x.words[i], 0)
		r = bits.Rem64(hi+carry, lo, m)
	}
	return r
}

// Modulus calculates the remainders of many numbers divided by the same m. Use
// NewModulus.
type Modulus struct {
	m      uint64
	word   modular.Factor       // 2^64
	powers [modBlock + 1]uint64 // Base^i
}

// modBlock is the number of words that take one reduction.
const modBlock = 8

// maxModulus is such that the sum of a block's products, each below Base·m, and of
// what is carried, below (2^64 + 2m)·m, is below 2^128.
const maxModulus = 1 << 61

// NewModulus returns the Modulus m. It panics unless 0 < m < 2^61.
func NewModulus(m uint64) Modulus {
	if m == 0 || m >= maxModulus {
		panic("decimal: modulus out of range")
	}
	f := Modulus{m: m, word: modular.NewFactor(-m%m, m)}
	f.powers[0] = 1 % m
	for i := range modBlock {
		f.powers[i+1] = modular.Mul(f.powers[i], Base%m, m)
	}
	return f
}

// Of returns x modulo m.
//
// It evaluates blocks of words by Horner's rule. The value so far is congruent to a
// number of two words, of which the upper one is reduced.
func (m Modulus) Of(x Natural) uint64 {
	whole := len(x.words) / modBlock * modBlock
	hi, lo := uint64(0), uint64(0)
	for i, word := range x.words[whole:] {
		hi, lo = addProduct(hi, lo, word, m.powers[i])
	}
	f := &m.powers
	for i := whole - modBlock; i >= 0; i -= modBlock {
		w := (*[modBlock]uint64)(x.words[i:])
		// What does not depend on the block before comes first.
		h, l := addProduct(0, w[0], w[1], f[1])
		h, l = addProduct(h, l, w[2], f[2])
		h, l = addProduct(h, l, w[3], f[3])
		h, l = addProduct(h, l, w[4], f[4])
		h, l = addProduct(h, l, w[5], f[5])
		h, l = addProduct(h, l, w[6], f[6])
		h, l = addProduct(h, l, w[7], f[7])
		h, l = addProduct(h, l, lo, f[8])
		hi, lo = addProduct(h, l, m.word.Times(hi, m.m), f[8])
	}
	return (m.word.Times(hi, m.m) + lo%m.m) % m.m
}

// addProduct returns hi·2^64 + lo + x·y.
func addProduct(hi, lo, x, y uint64) (uint64, uint64) {
	h, l := bits.Mul64(x, y)
	l, carry := bits.Add64(l, lo, 0)
	h, _ = bits.Add64(h, hi, carry)
	return h, l
}

// Split returns x divided by Base^words, and the remainder. They share the memory
// of x. Split panics if words is negative.
func (x Natural) Split(words int) (high, low Natural) {
	if words >= len(x.words) {
		return Natural{}, x
	}
	return Natural{x.words[words:]}, natural(x.words[:words:words])
}
