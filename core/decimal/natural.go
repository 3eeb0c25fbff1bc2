// Package decimal holds natural numbers in packed decimal.
package decimal

// WordDigits is the count of decimal digits in a word.
const WordDigits = 19

// Natural is a natural number (0 included). It is immutable; the zero value is 0.
type Natural struct {
	words []uint64 // base 10^19, least significant first, no leading zero words
}
