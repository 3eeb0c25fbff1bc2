package decimal

import (
	"math/big"
	"strconv"
	"testing"

	"github.com/pisano-dev/pisano/core/internal/engine"
	"github.com/pisano-dev/pisano/core/internal/ntt"
	"github.com/pisano-dev/pisano/core/internal/words"
)

// The times of the engines and of schoolbook multiplication cross at
// engine.ShortWords.
func BenchmarkNatural_Square(b *testing.B) {
	for _, n := range []int{4, 16, 64, 96, 128, 192, 256} {
		x := random(seeded(1), n)
		product := make([]uint64, 2*n)
		b.Run("schoolbook/"+strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				words.Square(product, x.words)
			}
		})
		for _, e := range engine.Available() {
			b.Run(e.Name()+"/"+strconv.Itoa(n), func(b *testing.B) {
				for b.Loop() {
					transform(e, ntt.Square, x, x)
				}
			})
		}
	}
}

func BenchmarkNatural_Mul(b *testing.B) {
	for _, n := range []int{4, 16, 64, 96, 128, 192, 256, 100_000} {
		x, y := random(seeded(1), n), random(seeded(2), n)
		product := make([]uint64, 2*n)
		if n < 1000 {
			b.Run("schoolbook/"+strconv.Itoa(n), func(b *testing.B) {
				for b.Loop() {
					words.Mul(product, x.words, y.words)
				}
			})
		}
		for _, e := range engine.Available() {
			b.Run(e.Name()+"/"+strconv.Itoa(n), func(b *testing.B) {
				for b.Loop() {
					transform(e, ntt.Product, x, y)
				}
			})
		}
		v, w := x.Big(), y.Big()
		b.Run("math-big/"+strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				new(big.Int).Mul(v, w)
			}
		})
	}
}
