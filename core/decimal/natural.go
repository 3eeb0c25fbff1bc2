// Package decimal implements arbitrary-precision natural numbers in base 10^19:
// their arithmetic, their decimal text, any slice of it, and a stored form that
// is read in chunks.
//
// Text needs no conversion from binary, which takes most of the time to print a
// long number that was calculated in binary. Products of long numbers are
// calculated by number-theoretic transforms, in time that grows little faster
// than the number of digits.
package decimal

import (
	"math/bits"
	"slices"

	"github.com/pisano-dev/pisano/core/internal/words"
)

// WordDigits is the number of decimal digits in a word.
const WordDigits = words.Digits

// Base is the base of the words, 10^19, the largest power of ten below 2^64.
const Base = words.Base

// Natural is a natural number, including 0. It is immutable, so that it may be
// copied and used by several goroutines at a time. The zero Natural is 0.
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
// each below Base, which is not checked; the most significant may be 0. The
// Natural keeps w, which the caller must not use any more.
func FromWords(w []uint64) Natural { return Natural{words.Trim(w)} }

// IsZero reports whether x is 0.
func (x Natural) IsZero() bool { return len(x.words) == 0 }

// Cmp returns −1 if x < y, 0 if x = y and 1 if x > y.
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

// Equal reports whether x = y.
func (x Natural) Equal(y Natural) bool { return slices.Equal(x.words, y.words) }

// DigitCount returns the number of decimal digits of x. It is 1 for 0.
func (x Natural) DigitCount() int64 {
	if x.IsZero() {
		return 1
	}
	top := len(x.words) - 1
	return int64(top)*WordDigits + int64(digitsOf(x.words[top]))
}

// digitsOf returns the number of decimal digits of a word, 0 for 0.
func digitsOf(word uint64) int {
	// 1233/4096 is slightly above log10(2): the guess is exact or one too large.
	guess := (bits.Len64(word)*1233 + 4095) >> 12
	if guess > 0 && word < words.PowersOf10[guess-1] {
		guess--
	}
	return guess
}
