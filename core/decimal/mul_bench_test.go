package decimal

import (
	"math/big"
	"strconv"
	"testing"

	"github.com/pisano-dev/pisano/core/decimal/ntt"
)

// The size at which transforms win is where their times cross those of the
// schoolbook.
func BenchmarkSquare(b *testing.B) {
	for _, words := range []int{4, 16, 64, 96, 128, 192, 256} {
		x := random(seeded(1), words)
		product := make([]uint64, 2*words)
		b.Run("schoolbook/"+strconv.Itoa(words), func(b *testing.B) {
			for b.Loop() {
				square(product, x.words)
			}
		})
		b.Run("transform/"+strconv.Itoa(words), func(b *testing.B) {
			for b.Loop() {
				transform(ntt.Square, x, x)
			}
		})
	}
}

func BenchmarkMul(b *testing.B) {
	for _, words := range []int{4, 16, 64, 96, 128, 192, 256, 100_000} {
		x, y := random(seeded(1), words), random(seeded(2), words)
		product := make([]uint64, 2*words)
		if words < 1000 {
			b.Run("schoolbook/"+strconv.Itoa(words), func(b *testing.B) {
				for b.Loop() {
					multiply(product, x.words, y.words)
				}
			})
		}
		b.Run("transform/"+strconv.Itoa(words), func(b *testing.B) {
			for b.Loop() {
				transform(ntt.Product, x, y)
			}
		})
		v, w := x.Big(), y.Big()
		b.Run("math-big/"+strconv.Itoa(words), func(b *testing.B) {
			for b.Loop() {
				new(big.Int).Mul(v, w)
			}
		})
	}
}
