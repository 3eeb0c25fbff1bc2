package fibonacci

import (
	"errors"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/internal/engine"
)

// On one processor the goroutine that calls Calculate does all of the work.
func TestWithParallelism_OfOneStaysInTheGoroutineOfTheCaller(t *testing.T) {
	t.Parallel()
	for _, e := range engine.Available() {
		c := Calculator{engine: e}.WithParallelism(1)
		reports, strays := 0, 0
		f, err := c.Calculate(t.Context(), 6_000_000, func(float64) {
			reports++
			if !strings.Contains(string(debug.Stack()), ".Calculator.Calculate(") {
				strays++
			}
		})
		if err != nil || strays > 0 || reports < 10 {
			t.Errorf("%s: %d of %d reports came from other goroutines; %v", e.Name(), strays, reports, err)
		}
		if want := number(e, 6_000_000); !f.Equal(want) {
			t.Errorf("%s: F(6,000,000) has other digits on one processor", e.Name())
		}
	}
}

func TestWithParallelism_BoundsTheEstimate(t *testing.T) {
	t.Parallel()
	all := speed{serial: 4, shared: 1}
	for some, want := range map[int]float64{1: 4, 2: 4, 4: 2, 8: 1, 16: 1} {
		if got := all.on(some, 8); got.shared != want || got.serial != all.serial {
			t.Errorf("on %d of 8 processors the speed is %+v, want %v", some, got, want)
		}
	}
	if one, most := New().WithParallelism(1).Estimate(10_000_000), New().Estimate(10_000_000); one.Duration < most.Duration || one.Bytes != most.Bytes {
		t.Errorf("on one processor the estimate is %+v, on all %+v", one, most)
	}
	if New().WithParallelism(-1) != New() || New().WithMemoryLimit(-1) != New() {
		t.Error("settings below 1 are kept")
	}
}

func TestWithMemoryLimit_RefusesWhatNeedsMore(t *testing.T) {
	t.Parallel()
	const n = 1_000_000
	c := Calculator{}
	peak := c.PeakBytes(n)
	if estimate := c.Estimate(n); estimate.Bytes != peak {
		t.Errorf("PeakBytes is %d, the estimate %d", peak, estimate.Bytes)
	}
	if _, err := c.WithMemoryLimit(peak).Calculate(t.Context(), n, nil); err != nil {
		t.Errorf("with as much as it needs: %v", err)
	}
	_, err := c.WithMemoryLimit(peak-1).Calculate(t.Context(), -n, nil)
	var e *core.Error
	if !errors.As(err, &e) || e.Kind != core.KindTooLarge || e.Estimate == nil || e.Estimate.Bytes != peak || !strings.Contains(e.Message, "MB of memory") {
		t.Errorf("with less than it needs: %v", err)
	}
	if _, err := c.WithMemoryLimit(1).Calculate(t.Context(), core.MaxIndex+1, nil); core.KindOf(err) != core.KindInvalid {
		t.Errorf("an index that is out of range: %v", err)
	}
}
