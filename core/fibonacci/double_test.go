package fibonacci

import (
	"strconv"
	"testing"

	"github.com/pisano-dev/pisano/core/decimal"
)

// number returns F(n) unchecked, for n larger than wordIndex.
func number(n uint64) decimal.Natural {
	if n < transformIndex {
		return small(n)
	}
	f, _ := newDoubling(n).run(nil)
	return f
}

func BenchmarkNumber(b *testing.B) {
	for n := uint64(100); n <= 100_000_000; n *= 10 {
		b.Run(strconv.FormatUint(n, 10), func(b *testing.B) {
			for b.Loop() {
				number(n)
			}
		})
	}
}

// The index from which transforms are faster is where these times cross.
func BenchmarkThreshold(b *testing.B) {
	for _, n := range []uint64{10_000, 15_000, 20_000, 25_000, 30_000, 35_000, 40_000} {
		b.Run("schoolbook/"+strconv.FormatUint(n, 10), func(b *testing.B) {
			for b.Loop() {
				small(n)
			}
		})
		b.Run("transform/"+strconv.FormatUint(n, 10), func(b *testing.B) {
			for b.Loop() {
				doubling{n, 1, newDoubling(n).digits}.run(nil)
			}
		})
	}
}

func BenchmarkCheck(b *testing.B) {
	const n = 10_000_000
	f := number(n)
	for b.Loop() {
		verify(n, f, nil)
	}
}
