// Package decimal holds natural numbers in packed decimal: words of 19 digits,
// so that a number made in decimal is never converted to be read.
package decimal

import (
	"fmt"
	"io"
	"math/bits"
	"slices"
)

// WordDigits is the count of decimal digits in a word.
const WordDigits = 19

// Base is the base of the words, 10^19: the largest power of ten below 2^64.
const Base uint64 = 10_000_000_000_000_000_000

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
	return fromWords([]uint64{x})
}

// fromWords takes words over, leading zeros allowed.
func fromWords(words []uint64) Natural { return Natural{trim(words)} }

func trim(words []uint64) []uint64 {
	for len(words) > 0 && words[len(words)-1] == 0 {
		words = words[:len(words)-1]
	}
	return words
}

// Parse returns the number that text, one or more of the digits 0 to 9, says.
// Leading zeros are allowed.
func Parse(text string) (Natural, error) {
	if text == "" {
		return Natural{}, fmt.Errorf("decimal: no digits")
	}
	words := make([]uint64, 0, len(text)/WordDigits+1)
	for end := len(text); end > 0; end -= WordDigits {
		var word uint64
		for _, c := range []byte(text[max(0, end-WordDigits):end]) {
			if c < '0' || c > '9' {
				return Natural{}, fmt.Errorf("decimal: %q is not a digit", c)
			}
			word = 10*word + uint64(c-'0')
		}
		words = append(words, word)
	}
	return fromWords(words), nil
}

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
	if guess > 0 && word < powersOf10[guess-1] {
		guess--
	}
	return guess
}

// powersOf10 holds 10^0 to 10^19.
var powersOf10 = func() (p [WordDigits + 1]uint64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = 10 * p[i-1]
	}
	return p
}()

// AppendDigits appends count decimal digits of x to dst, from digit first on;
// digit 0 is the most significant. Like a slice expression it panics if x has
// no such digits.
func (x Natural) AppendDigits(dst []byte, first, count int64) []byte {
	digits := x.DigitCount()
	if first < 0 || count < 0 || first > digits-count {
		panic(fmt.Sprintf("decimal: digits [%d:%d+%d] of a number of %d digits", first, first, count, digits))
	}
	if x.IsZero() {
		return append(dst, "0"[:count]...)
	}
	return appendWordDigits(dst, len(x.words), digits, first, count, func(i int) uint64 { return x.words[len(x.words)-1-i] })
}

// appendWordDigits appends digits of a number in n words, of which word(i) is
// the i-th from the most significant.
func appendWordDigits(dst []byte, n int, digits, first, count int64, word func(i int) uint64) []byte {
	padding := int64(n)*WordDigits - digits // zeros that fill the first word
	at, end := first+padding, first+padding+count
	var text [WordDigits]byte
	for at < end {
		i := at / WordDigits
		w := word(int(i))
		for k := WordDigits - 1; k >= 0; k-- {
			text[k] = byte('0' + w%10)
			w /= 10
		}
		from, to := at-i*WordDigits, min(WordDigits, end-i*WordDigits)
		dst = append(dst, text[from:to]...)
		at = i*WordDigits + to
	}
	return dst
}

// String returns x in decimal.
func (x Natural) String() string {
	digits := x.DigitCount()
	return string(x.AppendDigits(make([]byte, 0, digits), 0, digits))
}

// WriteTo writes x in decimal to w, piece by piece.
func (x Natural) WriteTo(w io.Writer) (int64, error) {
	const piece = 32 << 10
	var written int64
	buffer := make([]byte, 0, min(piece, x.DigitCount()))
	for digits := x.DigitCount(); written < digits; {
		buffer = x.AppendDigits(buffer[:0], written, min(piece, digits-written))
		n, err := w.Write(buffer)
		written += int64(n)
		if err != nil {
			return written, err
		}
	}
	return written, nil
}
