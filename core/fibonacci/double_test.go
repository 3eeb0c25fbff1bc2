package fibonacci

import (
	"strconv"
	"testing"
)

func BenchmarkNumber(b *testing.B) {
	for n := uint64(100); n <= 100_000_000; n *= 10 {
		b.Run(strconv.FormatUint(n, 10), func(b *testing.B) {
			for b.Loop() {
				number(n, nil)
			}
		})
	}
}

func BenchmarkCheck(b *testing.B) {
	const n = 10_000_000
	f, _ := number(n, nil)
	for b.Loop() {
		verify(n, f, nil)
	}
}
