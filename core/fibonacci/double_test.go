package fibonacci

import (
	"strconv"
	"testing"

	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/internal/engine"
)

// number returns F(n) without verification.
func number(e engine.Engine, n uint64) decimal.Natural {
	if n <= tableIndex {
		return firstNumbers()[n].number
	}
	if n < transformIndex(e) {
		return small(n)
	}
	f := newDoubling(e, n).number()
	return f
}

func BenchmarkNumber(b *testing.B) {
	for n := uint64(100); n <= 100_000_000; n *= 10 {
		for _, e := range engine.Available() {
			b.Run(e.Name()+"/"+strconv.FormatUint(n, 10), func(b *testing.B) {
				for b.Loop() {
					number(e, n)
				}
			})
		}
	}
}

// The times of schoolbook multiplication and of an engine cross at transformIndex.
func BenchmarkThreshold(b *testing.B) {
	for _, n := range []uint64{1000, 2000, 3000, 4000, 5000, 6000, 8000, 10_000, 15_000, 20_000, 25_000, 30_000, 35_000, 40_000} {
		b.Run("schoolbook/"+strconv.FormatUint(n, 10), func(b *testing.B) {
			for b.Loop() {
				small(n)
			}
		})
		for _, e := range engine.Available() {
			d := newDoubling(e, n)
			d.steps = 1
			b.Run(e.Name()+"/"+strconv.FormatUint(n, 10), func(b *testing.B) {
				for b.Loop() {
					d.number()
				}
			})
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	const n = 10_000_000
	d := newDoubling(engine.Chosen(), n)
	w := d.begin(nil)
	defer w.End()
	f, _ := d.run(w, true)
	for b.Loop() {
		verify(n, f, w)
	}
}
