package ntt

import (
	"math/bits"
	"sync"

	"github.com/pisano-dev/pisano/core/internal/modular"
)

// roots is the table t of the roots of blocks modulo one prime: see package
// modular.
type roots []factor

// sharedRoots is the length of the tables that all Multipliers share; longer
// tables belong to one Multiplier. The two shared tables take 128 KiB.
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

// double sets the entries from known+first to known+last of a table whose first
// known entries, a power of two, are set: t[known+i] = t[known]·t[i].
func (t roots) double(m *prime, known, first, last int) {
	step := m.factor(m.BitRoot(bits.Len(uint(known)) - 1))
	for i := first; i < last; i++ {
		t[known+i] = m.factor(reduce(step.Times(t[i].W, m.P), m.P))
	}
}

// negInverse returns −1/t[j].
func (t roots) negInverse(m *prime, j int) factor {
	if j == 0 {
		return m.minusOne
	}
	return t[modular.FlipBlock(j)]
}
