package decimal

import (
	"math/bits"

	"github.com/pisano-dev/pisano/core/internal/modular"
)

// Mod returns the remainder of x divided by m. It panics if m is 0. It is
// fastest for m below 2^61: see Modulus.
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

// Modulus holds what is needed for remainders of many numbers.
type Modulus struct {
	m     uint64
	word  modular.Factor // Base
	lanes modular.Factor // Base^lanes
}

// maxModulus leaves room in a word for twice a remainder and a word of x.
const maxModulus = 1 << 61

// NewModulus returns the Modulus m, which must be below 2^61 and not 0.
func NewModulus(m uint64) Modulus {
	if m >= maxModulus {
		panic("decimal: a modulus of more than 61 bits")
	}
	base := Base % m
	return Modulus{m, modular.NewFactor(base, m), modular.NewFactor(modular.Pow(base, lanes, m), m)}
}

// lanes is how many remainders are calculated side by side, so that none waits
// for the multiplication of another.
const lanes = 8

// Of returns the remainder of x: by Horner's rule, in long numbers for every
// eighth word. Remainders on the way are below 2m, and a word is below Base.
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

// Split returns x / Base^words and the remainder, which share x's memory.
func (x Natural) Split(words int) (high, low Natural) {
	if words >= len(x.words) {
		return Natural{}, x
	}
	return Natural{x.words[words:]}, FromWords(x.words[:words:words])
}
