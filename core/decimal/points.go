package decimal

import "github.com/pisano-dev/pisano/core/decimal/ntt"

// Points returns the digits of x in base 10^digits, least significant first,
// count of them: the form in which package ntt multiplies. digits lies within 1
// and WordDigits, and count points are enough for x.
func (x Natural) Points(digits, count int) []uint64 {
	points := make([]uint64, count)
	ntt.Convert(points, digits, x.words, WordDigits, 0)
	return points
}
