// Package decimal holds natural numbers in packed decimal: words of 19 digits,
// so that a number made in decimal is never converted to be read.
package decimal

import (
	"math/bits"
	"slices"

	"github.com/pisano-dev/pisano/core/internal/words"
)

// WordDigits is the count of decimal digits in a word.
const WordDigits = words.Digits

// Base is the base of the words, 10^19: the largest power of ten below 2^64.
const Base = words.Base

// Natural is a natural number, 0 included. It is immutable and may be shared
// and copied freely; the zero value is 0.
type Natural struct {
	words []uint64 // least significant first, each below Base, the last not 0
}

// FromUint64 returns x as a Natural.
func FromUint64(x uint64) Natural {
	if x >= Base {
		return Natural{[]uint64{x - Base, 1}}
	}
	return FromWords([]uint64{x})
}

// FromWords returns the number with the given words, least significant first,
// each below Base, leading zeros allowed. It takes the words over: the caller
// must not use them any more.
func FromWords(w []uint64) Natural { return Natural{words.Trim(w)} }

// IsZero reports whether x is 0.
func (x Natural) IsZero() bool { return len(x.words) == 0 }

// Cmp returns −1, 0 or 1: how x compares with y.
func (x Natural) Cmp(y Natural) int {
	if c := len(x.words) - len(y.words); c != 0 {
		return max(-1, min(1, c))
	}
	for i := len(x.words) - 1; i >= 0; i-- {
		if x.words[i] != y.words[i] {
			if x.words[i] < y.words[i] {
				return -1
			}
			return 1
		}
	}
	return 0
}

// Equal reports whether x and y are the same number.
func (x Natural) Equal(y Natural) bool { return slices.Equal(x.words, y.words) }

// DigitCount returns the count of decimal digits of x; 0 has one.
func (x Natural) DigitCount() int64 {
	if x.IsZero() {
		return 1
	}
	top := len(x.words) - 1
	return int64(top)*WordDigits + int64(digitsOf(x.words[top]))
}

// digitsOf returns the count of decimal digits of a word; 0 has none.
func digitsOf(word uint64) int {
	// 1233/4096 is a little above log10(2): the guess is right or one too many.
	guess := (bits.Len64(word)*1233 + 4095) >> 12
	if guess > 0 && word < words.PowersOf10[guess-1] {
		guess--
	}
	return guess
}
