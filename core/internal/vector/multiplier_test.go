//go:build amd64 && !purego

package vector

import (
	"testing"

	"github.com/pisano-dev/pisano/core/internal/ntttest"
)

func TestMultiplier_FormsAgreeWithMathBig(t *testing.T) {
	t.Parallel()
	for _, set := range sets {
		t.Run(set.Name(), func(t *testing.T) {
			t.Parallel()
			for _, n := range []int{1, 2, 10, 31, 32, 33, 60, 100, 255, 256, 257, 300, 520, 600, 1000, 2500, 5000} {
				for digits := minDigits; digits <= maxDigits; digits++ {
					ntttest.TestForms(t, set.NewMultiplier(), digits, n)
				}
			}
			const onAllProcessors = 25_000
			if !set.Parallel(2*onAllProcessors, 2*onAllProcessors) {
				t.Errorf("products of %d points run on one processor", 2*onAllProcessors)
			}
			ntttest.TestForms(t, set.NewMultiplier(), maxDigits, onAllProcessors)
		})
	}
}
