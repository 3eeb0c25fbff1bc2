package ntt_test

import (
	"testing"

	"github.com/pisano-dev/pisano/core/internal/ntt"
	"github.com/pisano-dev/pisano/core/internal/ntttest"
)

func TestMultiplier_FormsAgreeWithMathBig(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 100, 255, 256, 257, 300, 1000, 2500, 9000} {
		digits := ntt.PointDigits(int64(n) * 17) // the most digits that points may have
		ntttest.TestForms(t, new(ntt.Multiplier), digits, n)
	}
}
