package modular

import "math/bits"

// Prime is a prime modulus of transforms of up to 2^k points: one that is 1
// modulo 2^k, and so has roots of unity of that order.
type Prime struct {
	P uint64
	// Roots[i] is a primitive 2^i-th root of unity, for i from 0 to k.
	Roots []uint64
}

// NewPrime returns the modulus p, a prime that is 1 modulo 2^k.
func NewPrime(p uint64, k int) Prime {
	m := Prime{P: p, Roots: make([]uint64, k+1)}
	nonresidue := uint64(2) // of squares, by Euler's criterion
	for m.Pow(nonresidue, p/2) == 1 {
		nonresidue++
	}
	root := m.Pow(nonresidue, (p-1)>>k)
	for i := k; i >= 0; i-- {
		m.Roots[i] = root
		root = m.Mul(root, root)
	}
	return m
}

// Mul returns x·y modulo P.
func (m *Prime) Mul(x, y uint64) uint64 { return Mul(x, y, m.P) }

// Pow returns x^e modulo P.
func (m *Prime) Pow(x, e uint64) uint64 { return Pow(x, e, m.P) }

// Inverse returns 1/x modulo P, for x that is not a multiple of P.
func (m *Prime) Inverse(x uint64) uint64 { return m.Pow(x, m.P-2) }

// Negative returns −x modulo P, for x from 1 to P−1.
func (m *Prime) Negative(x uint64) uint64 { return m.P - x }

// A transform evaluates a polynomial at the roots of x^n − 1 by splitting
// x^2m − z² into x^m − z and x^m + z, level by level. The j-th block of a level
// has z = t[j] = w^rev(j), the exponent being j with its bits reversed: a root
// that depends on j alone and not on the number of blocks. So one table, in
// order of j, serves all lengths. If a and b have no bit in common, t[a+b] is
// t[a]·t[b]. See A. Schönhage, A. Grotefeld and E. Vetter, "Fast Algorithms"
// (1994).

// BlockRoot returns t[j].
func (m *Prime) BlockRoot(j int) uint64 {
	r := uint64(1)
	for b := 0; j>>b > 0; b++ {
		if j>>b&1 == 1 {
			r = m.Mul(r, m.BitRoot(b))
		}
	}
	return r
}

// BitRoot returns t[2^b], a primitive 2^(b+2)-th root of unity.
func (m *Prime) BitRoot(b int) uint64 { return m.Roots[b+2] }

// FlipBlock returns the number of the block whose root is −1/t[j], for j > 0:
// all bits below the highest are inverted. The root of block 0 is 1, and no
// block has −1.
func FlipBlock(j int) int { return j ^ (1<<(bits.Len(uint(j))-1) - 1) }
