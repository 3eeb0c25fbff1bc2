package fibonacci

import (
	"testing"

	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/internal/engine"
)

func TestVerify_RejectsWrongDigits(t *testing.T) {
	t.Parallel()
	w := newDoubling(engine.Chosen(), 10_000_000).begin(nil)
	defer w.End()
	for _, n := range []uint64{93, 186, 1000, 100_000, 10_000_000} {
		f := number(engine.Chosen(), n)
		if !verify(n, f, w) {
			t.Errorf("F(%d) did not pass", n)
		}
		one := decimal.FromUint64(1)
		for what, wrong := range map[string]decimal.Natural{
			"one more": f.Add(one), "one less": f.Sub(one), "twice": f.Add(f), "nothing": {},
		} {
			if verify(n, wrong, w) {
				t.Errorf("%s than F(%d) passed", what, n)
			}
		}
	}
}

func TestVerify_PrimesAgreeWithMod(t *testing.T) {
	t.Parallel()
	for range 20 {
		p := newRandomPrime()
		for n := range uint64(300) {
			for _, n := range []uint64{n, n * n * n, 1<<53 - n} {
				if got, want := p.fibonacci(n), mod(n, p.p); got != want {
					t.Fatalf("F(%d) modulo %d is %d, want %d", n, p.p, got, want)
				}
			}
		}
	}
}

func TestChecked_RejectsWordsOutOfRange(t *testing.T) {
	t.Parallel()
	if f, ok := checked([]uint64{3, decimal.Base - 1}); !ok || f.DigitCount() != 2*decimal.WordDigits {
		t.Errorf("%v, %v", f, ok)
	}
	if f, ok := checked([]uint64{3, decimal.Base, 1}); ok {
		t.Errorf("a word of 10^19 was accepted in %v", f)
	}
}
