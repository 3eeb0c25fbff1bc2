package ntt

import (
	"math/bits"
	"sync"
)

// A transform evaluates a polynomial at the roots of x^n − 1 by splitting
// x^2m − z² into x^m − z and x^m + z, again and again. The j-th of the blocks
// that are split at the same time has z = w^rev(j), a root that depends on j
// alone and not on how many blocks there are: one table, in order of the
// block's number, serves every length. See A. Schönhage, A. Grotefeld and
// E. Vetter, "Fast Algorithms" (1994), and D. Harvey's papers for the lazy form.

// roots is the table for one prime: roots[j] is w^rev(j).
type roots []factor

// sharedRoots is the size of the tables that all multiplications share; larger
// ones belong to a Multiplier and go with it. Two of them have 128 KiB.
const sharedRoots = 1 << 12

var shared = [2]func() roots{
	sync.OnceValue(func() roots { return newRoots(primes[0], sharedRoots) }),
	sync.OnceValue(func() roots { return newRoots(primes[1], sharedRoots) }),
}

func newRoots(m *prime, n int) roots {
	t := make(roots, n)
	t[0] = m.factor(1)
	for known := 1; known < n; known *= 2 {
		t.double(m, known, 0, known)
	}
	return t
}

// double sets the entries from known+first to known+last of a table of which
// the first known entries, a power of two, are there: the new ones are the
// known times a primitive root of unity of four times their count.
func (t roots) double(m *prime, known, first, last int) {
	step := m.factor(m.roots[bits.Len(uint(known))+1])
	for i := first; i < last; i++ {
		t[known+i] = m.factor(reduce(times(t[i].w, step, m.p), m.p))
	}
}

// flip returns the number of the block whose root is the negative inverse of
// that of block j, which is not 0.
func flip(j int) int { return j ^ (1<<(bits.Len(uint(j))-1) - 1) }

// negInverse returns the negative inverse of the root of block j.
func (t roots) negInverse(m *prime, j int) factor {
	if j == 0 {
		return m.minusOne
	}
	return t[flip(j)]
}
