package vector

import (
	"math"

	"github.com/pisano-dev/pisano/core/internal/ntt"
)

// The number of digits in a point, as many as the length of the product allows.
const (
	minDigits = 17
	maxDigits = 19
)

// PointDigits returns the largest number of digits in a point with which numbers
// of the given number of digits can be multiplied: the coefficients of any form
// are below the product of the primes. It returns 0 if the numbers are too long.
func PointDigits(digits int64) int {
	bound := float64(primes[0].P) * float64(primes[1].P) * float64(primes[2].P) * (1 - 1e-12)
	for d := maxDigits; d >= minDigits; d-- {
		points := math.Ceil(float64(digits) / float64(d))
		if ntt.MaxWeight*points*math.Pow10(2*d) < bound && 2*points < MaxPoints {
			return d
		}
	}
	return 0
}
