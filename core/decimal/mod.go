package decimal

import (
	"math/bits"

	"github.com/pisano-dev/pisano/core/internal/modular"
)

// Mod returns x modulo m. It panics if m is 0. It is fastest for m below 2^61;
// see also Modulus.
func (x Natural) Mod(m uint64) uint64 {
	if m < maxModulus && len(x.words) >= 2*lanes {
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
	m     uint64
	word  modular.Factor // Base
	lanes modular.Factor // Base^lanes
}

// maxModulus leaves room in a word for the sum of a lazy remainder, below 2m, and
// a word of x.
const maxModulus = 1 << 61

// NewModulus returns the Modulus m. It panics unless 0 < m < 2^61.
func NewModulus(m uint64) Modulus {
	if m == 0 || m >= maxModulus {
		panic("decimal: modulus out of range")
	}
	base := Base % m
	return Modulus{m, modular.NewFactor(base, m), modular.NewFactor(modular.Pow(base, lanes, m), m)}
}

// lanes is the number of independent remainders that are calculated side by
// side, which hides the latency of multiplications.
const lanes = 8

// Of returns x modulo m.
//
// It evaluates x by Horner's rule, long numbers in eight lanes of every eighth
// word. Intermediate remainders are below 2m + Base.
func (m Modulus) Of(x Natural) uint64 {
	const short = 4 * lanes
	if len(x.words) < short {
		r := uint64(0)
		for i := len(x.words) - 1; i >= 0; i-- {
			r = m.next(r, m.word, x.words[i])
		}
		return r % m.m
	}
	var r [lanes]uint64
	whole := len(x.words) / lanes * lanes
	copy(r[:], x.words[whole:])
	for i := whole - lanes; i >= 0; i -= lanes {
		words := (*[lanes]uint64)(x.words[i:])
		for k := range r {
			r[k] = m.next(r[k], m.lanes, words[k])
		}
	}
	sum := uint64(0)
	for k := lanes - 1; k >= 0; k-- {
		sum = m.next(sum, m.word, r[k]%m.m)
	}
	return sum % m.m
}

// next returns r·f + word modulo m, below 2m + word, for any r.
func (m Modulus) next(r uint64, f modular.Factor, word uint64) uint64 {
	return f.Times(r, m.m) + word
}

// Split returns x divided by Base^words, and the remainder. They share the memory
// of x. Split panics if words is negative.
func (x Natural) Split(words int) (high, low Natural) {
	if words >= len(x.words) {
		return Natural{}, x
	}
	return Natural{x.words[words:]}, natural(x.words[:words:words])
}
