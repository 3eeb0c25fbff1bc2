// Package decimal implements arbitrary-precision numbers in base 10^19: Natural,
// and Int with a sign. It has their arithmetic, their decimal text, any slice of
// it, and a stored form that is read in chunks.
//
// Text needs no conversion from binary, which takes most of the time to print a
// long number that was calculated in binary. Products of long numbers are
// calculated by number-theoretic transforms, in time that grows little faster
// than the number of digits, and quotients by products.
//
// Numbers print and scan with package fmt as integers do. They are encoded as text
// where packages ask for it, in JSON as a string, because most readers of JSON round
// long numbers; package gob encodes them in binary.
package decimal

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/pisano-dev/pisano/core/internal/words"
)

// WordDigits is the number of decimal digits in a word.
const WordDigits = words.Digits

// Base is the base of the words, 10^19, the largest power of ten below 2^64.
const Base = words.Base

// Natural is a natural number, including 0. The zero Natural is 0.
//
// The number is immutable, so that a Natural may be copied and used by several
// goroutines at a time. Only the methods that decode, Scan, UnmarshalText and
// UnmarshalBinary, replace it.
type Natural struct {
	words []uint64 // least significant first, each below Base, the last not 0
}

// FromUint64 returns x as a Natural.
func FromUint64(x uint64) Natural {
	if x >= Base {
		return Natural{[]uint64{x - Base, 1}}
	}
	return natural([]uint64{x})
}

// FromWords returns the number with the given words, least significant first; the
// most significant may be 0. It panics if a word is not below Base. The Natural
// keeps w, which the caller must not use any more.
func FromWords(w []uint64) Natural {
	for i, word := range w {
		if word >= Base {
			panic(fmt.Sprintf("decimal: word %d is %d, not below Base", i, word))
		}
	}
	return natural(w)
}

// natural is FromWords for words that are known to be below Base.
func natural(w []uint64) Natural { return Natural{words.Trim(w)} }

// IsUint64 reports whether x fits 64 bits.
func (x Natural) IsUint64() bool {
	return len(x.words) < 2 || len(x.words) == 2 && x.words[1] == 1 && x.words[0] <= math.MaxUint64-Base
}

// Uint64 returns x as a uint64. If x does not fit one, which IsUint64 reports, the
// result is not defined.
func (x Natural) Uint64() uint64 {
	var v uint64
	for i := len(x.words) - 1; i >= 0; i-- {
		v = v*Base + x.words[i]
	}
	return v
}

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
