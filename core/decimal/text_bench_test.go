package decimal

import (
	"io"
	"testing"
)

func BenchmarkNatural_Text(b *testing.B) {
	x := random(seeded(1), 1_100_000)
	b.Run("String", func(b *testing.B) {
		b.SetBytes(x.DigitCount())
		for b.Loop() {
			_ = x.String()
		}
	})
	b.Run("WriteTo", func(b *testing.B) {
		b.SetBytes(x.DigitCount())
		for b.Loop() {
			_, _ = x.WriteTo(io.Discard)
		}
	})
}

func BenchmarkNatural_Mod(b *testing.B) {
	x := random(seeded(1), 110_000)
	for b.Loop() {
		x.Mod(1<<61 - 1)
	}
}
