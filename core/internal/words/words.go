// Package words is arithmetic in place on natural numbers in base 10^19: slices
// of words, least significant first, each below Base. It allocates nothing.
package words

import "math/bits"

// Digits is the number of decimal digits in a word.
const Digits = 19

// Base is the base of the words, 10^19, the largest power of ten below 2^64.
const Base uint64 = 10_000_000_000_000_000_000

// PowersOf10 holds 10^0 to 10^19.
var PowersOf10 = [Digits + 1]uint64{
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
}

// Trim returns words without the most significant words that are 0.
func Trim(words []uint64) []uint64 {
	for len(words) > 0 && words[len(words)-1] == 0 {
		words = words[:len(words)-1]
	}
	return words
}

// Add sets dst to a + b and returns the carry. a must not be shorter than b, and
// dst has the length of a; it may be a or b.
func Add(dst, a, b []uint64) (carry uint64) {
	for i, word := range b {
		dst[i], carry = add(a[i], word, carry)
	}
	for i := len(b); i < len(a); i++ {
		dst[i], carry = add(a[i], 0, carry)
	}
	return carry
}

// add returns a + b + carry modulo Base, and the carry.
func add(a, b, carry uint64) (sum, over uint64) {
	// a − (Base − b − carry) fits a word; a + b may not.
	sum, under := bits.Sub64(a, Base-b-carry, 0)
	return sum + Base&-under, 1 - under
}

// Sub sets dst to a − b and returns the borrow. a must not be shorter than b, and
// dst has the length of a; it may be a or b.
func Sub(dst, a, b []uint64) (borrow uint64) {
	for i, word := range b {
		dst[i], borrow = sub(a[i], word, borrow)
	}
	for i := len(b); i < len(a); i++ {
		dst[i], borrow = sub(a[i], 0, borrow)
	}
	return borrow
}

// sub returns a − b − borrow modulo Base, and the borrow.
func sub(a, b, borrow uint64) (difference, under uint64) {
	difference, under = bits.Sub64(a, b, borrow)
	return difference + Base&-under, under
}
