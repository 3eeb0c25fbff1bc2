package ntt

import (
	"math"

	"github.com/pisano-dev/pisano/core/internal/words"
)

const maxPointDigits = 17

// PointDigits returns the largest number of digits in a point with which numbers
// of the given number of digits can be multiplied: the coefficients of any form
// are below the product of the two primes.
func PointDigits(digits int64) int {
	bound := float64(primes[0].P) * float64(primes[1].P) * (1 - 1e-12)
	for d := maxPointDigits; ; d-- {
		points := math.Ceil(float64(digits) / float64(d))
		if MaxWeight*points*math.Pow10(2*d) < bound {
			return d
		}
	}
}

// Convert sets dst to digits in base 10^to, starting at digit first, of the number
// that has the digits src in base 10^from. Digits are in ascending order of
// significance.
func Convert(dst []uint64, to int, src []uint64, from, first int) {
	at := first * to
	for w := range dst {
		i, skip := at/from, at%from
		at += to
		var digit uint64
		for have := 0; have < to && i < len(src); i++ {
			piece, left := src[i], from-skip
			if skip > 0 {
				piece /= words.PowersOf10[skip]
				skip = 0
			}
			if take := to - have; take < left {
				piece %= words.PowersOf10[take]
			}
			digit += piece * words.PowersOf10[have]
			have += left
		}
		dst[w] = digit
	}
}

// convertPiece is the number of digits that a task converts.
const convertPiece = 1 << 14

// Convert is the function Convert from digit 0 on, in parallel. Like
// Multiply it reports false if step did.
func (m *Multiplier) Convert(dst []uint64, to int, src []uint64, from int) bool {
	tasks := (len(dst) + convertPiece - 1) / convertPiece
	return m.run(newLayout(len(src)), tasks, convertCost, func(task int, _ []uint64) {
		first := task * convertPiece
		Convert(dst[first:min(first+convertPiece, len(dst))], to, src, from, first)
	})
}
