package decimal

import "math/bits"

// Add returns x + y.
func (x Natural) Add(y Natural) Natural {
	a, b := x.words, y.words
	if len(a) < len(b) {
		a, b = b, a
	}
	sum := make([]uint64, len(a)+1)
	var carry uint64
	for i, word := range b {
		sum[i], carry = addWords(a[i], word, carry)
	}
	for i := len(b); i < len(a); i++ {
		sum[i], carry = addWords(a[i], 0, carry)
	}
	sum[len(a)] = carry
	return FromWords(sum)
}

// addWords returns a + b + carry modulo Base, and the carry.
func addWords(a, b, carry uint64) (sum, over uint64) {
	// a − (Base − b) + carry does not leave the words, a + b may.
	sum, under := bits.Sub64(a, Base-b-carry, 0)
	return sum + Base&-under, 1 - under
}

// Sub returns x − y. It panics if y is larger than x.
func (x Natural) Sub(y Natural) Natural {
	a, b := x.words, y.words
	if len(a) < len(b) {
		panic("decimal: the difference is below zero")
	}
	difference := make([]uint64, len(a))
	var borrow uint64
	for i, word := range b {
		difference[i], borrow = subWords(a[i], word, borrow)
	}
	for i := len(b); i < len(a); i++ {
		difference[i], borrow = subWords(a[i], 0, borrow)
	}
	if borrow > 0 {
		panic("decimal: the difference is below zero")
	}
	return FromWords(difference)
}

// subWords returns a − b − borrow modulo Base, and the borrow.
func subWords(a, b, borrow uint64) (difference, under uint64) {
	difference, under = bits.Sub64(a, b, borrow)
	return difference + Base&-under, under
}
