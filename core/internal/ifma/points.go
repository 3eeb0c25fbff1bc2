package ifma

import "math"

// A point has 17 to 19 digits, as many as the length of the product allows.
const (
	minDigits = 17
	maxDigits = 19
)

// maxWeight is the largest sum of the coefficients of a form of package ntt.
const maxWeight = 5

// PointDigits returns how many digits a point may have, so that numbers of so
// many digits can be multiplied: the coefficients of any form are below the
// product of the primes. It returns 0 if such numbers are too long.
func PointDigits(digits int64) int {
	bound := float64(primes[0].P) * float64(primes[1].P) * float64(primes[2].P) * (1 - 1e-12)
	for d := maxDigits; d >= minDigits; d-- {
		points := math.Ceil(float64(digits) / float64(d))
		if maxWeight*points*math.Pow10(2*d) < bound && 2*points < MaxPoints {
			return d
		}
	}
	return 0
}
