package porttest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pisano-dev/pisano/core"
)

// longIndex is the index of a calculation that is long enough to be canceled.
const longIndex core.Index = 2_000_000

// TestCalculator checks that an implementation keeps the contract of
// core.Calculator. Subtests call open in parallel.
func TestCalculator(t *testing.T, open func(t *testing.T) core.Calculator) {
	for name, test := range map[string]func(t *testing.T, c core.Calculator){
		"Calculate/returns the magnitude of F(n)":              magnitudes,
		"Calculate/is safe for concurrent use":                 concurrentCalculations,
		"Calculate/reports progress that never decreases":      increasingProgress,
		"Calculate/returns the cause when its context ends":    canceledCalculation,
		"Calculate/starts nothing if its context has ended":    canceledBefore,
		"Calculate/refuses indices beyond MaxIndex as invalid": beyondMaxIndex,
		"Estimate/has the exact number of digits":              exactDigits,
		"Estimate/does not fail for any index":                 estimateOfAny,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

// fibonacci returns |F(n)| by doubling F(k), F(k+1) in math/big.
func fibonacci(n core.Index) *big.Int {
	size := uint64(n.Abs())
	a, b := big.NewInt(0), big.NewInt(1)
	for i := bits.Len64(size) - 1; i >= 0; i-- {
		even := new(big.Int).Lsh(b, 1)
		even.Mul(a, even.Sub(even, a))
		odd := new(big.Int).Mul(a, a)
		odd.Add(odd, b.Mul(b, b))
		if a, b = even, odd; size>>i&1 == 1 {
			a, b = odd, even.Add(even, odd)
		}
	}
	return a
}

func wantMagnitude(t *testing.T, c core.Calculator, n core.Index) {
	t.Helper()
	f, err := c.Calculate(t.Context(), n, nil)
	if err != nil {
		t.Errorf("F(%d): %v", n, err)
		return
	}
	if want := fibonacci(n).String(); f.String() != want {
		t.Errorf("|F(%d)| is %.50s…, with %d digits, want %.50s…, with %d", n, f.String(), f.DigitCount(), want, len(want))
	}
}

func magnitudes(t *testing.T, c core.Calculator) {
	for n := core.Index(-100); n <= 600; n++ {
		wantMagnitude(t, c, n)
	}
	for n := core.Index(1000); n < 500_000; n = 2*n + 1 {
		wantMagnitude(t, c, n)
		wantMagnitude(t, c, -n-1)
	}
}

func concurrentCalculations(t *testing.T, c core.Calculator) {
	var all sync.WaitGroup
	for i := range core.Index(8) {
		all.Go(func() {
			for _, n := range []core.Index{10, 1000, 60_000, 200_000} {
				wantMagnitude(t, c, n+i)
			}
		})
	}
	all.Wait()
}

func increasingProgress(t *testing.T, c core.Calculator) {
	var reporting, returned atomic.Bool
	last, reports := 0.0, 0
	_, err := c.Calculate(t.Context(), longIndex, func(fraction float64) {
		if !reporting.CompareAndSwap(false, true) {
			t.Error("two goroutines report progress at a time")
			return
		}
		defer reporting.Store(false)
		if returned.Load() {
			t.Error("progress is reported after Calculate has returned")
			return
		}
		reports++
		if !(fraction >= last && fraction <= 1) {
			t.Errorf("progress goes from %v to %v; it must not decrease, and not exceed 1", last, fraction)
		}
		last = fraction
	})
	returned.Store(true)
	must(t, err)
	if reports == 0 {
		t.Errorf("no progress is reported for F(%d)", longIndex)
	}
}

func canceledCalculation(t *testing.T, c core.Calculator) {
	enough := errors.New("enough")
	for _, moment := range []float64{0, 0.3, 0.6} {
		ctx, cancel := context.WithCancelCause(t.Context())
		var canceled atomic.Int64
		err := labeled(ctx, t.Name(), func(ctx context.Context) error {
			return second(c.Calculate(ctx, longIndex, func(fraction float64) {
				if fraction >= moment && canceled.CompareAndSwap(0, time.Now().UnixNano()) {
					cancel(enough)
					time.Sleep(10 * time.Millisecond) // so that the rest does not win the race
				}
			}))
		})
		end := time.Now()
		cancel(nil)
		if !errors.Is(err, enough) {
			t.Errorf("canceled at %v of the work: error %v, want the cause", moment, err)
		}
		if took := end.Sub(time.Unix(0, canceled.Load())); took > hangTimeout {
			t.Errorf("Calculate returned %v after its context ended; it must within 100 ms", took)
		}
		noneLeft(t, t.Name())
	}
}

// labeled runs a function with a label on its goroutine, which the goroutines
// that it starts inherit.
func labeled(ctx context.Context, label string, do func(context.Context) error) (err error) {
	pprof.Do(ctx, pprof.Labels("porttest", label), func(ctx context.Context) { err = do(ctx) })
	return err
}

// noneLeft waits until no goroutine has the label.
func noneLeft(t *testing.T, label string) {
	t.Helper()
	mark := fmt.Appendf(nil, "%q:%q", "porttest", label)
	for begin := time.Now(); ; time.Sleep(time.Millisecond) {
		var stacks bytes.Buffer
		must(t, pprof.Lookup("goroutine").WriteTo(&stacks, 1))
		if !bytes.Contains(stacks.Bytes(), mark) {
			return
		}
		if time.Since(begin) > leftTimeout {
			t.Fatal("a goroutine is left behind after Calculate has returned")
		}
	}
}

// leftTimeout is how long a goroutine may take to exit after its last act.
const leftTimeout = 10 * time.Second

func canceledBefore(t *testing.T, c core.Calculator) {
	enough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(enough)
	for _, n := range []core.Index{0, 1000, longIndex} {
		if _, err := c.Calculate(ctx, n, nil); !errors.Is(err, enough) {
			t.Errorf("F(%d) with a context that has ended: error %v, want its cause", n, err)
		}
	}
}

func beyondMaxIndex(t *testing.T, c core.Calculator) {
	for _, n := range []core.Index{core.MaxIndex + 1, -core.MaxIndex - 1, math.MaxInt64, math.MinInt64} {
		wantKind(t, second(c.Calculate(t.Context(), n, nil)), core.KindInvalid)
	}
}

func exactDigits(t *testing.T, c core.Calculator) {
	for n := core.Index(0); n < 2_000; n++ {
		wantDigitCount(t, c, n)
	}
	for n := core.Index(2_000); n < 1_000_000; n = n*3/2 + 1 {
		wantDigitCount(t, c, n)
	}
}

func wantDigitCount(t *testing.T, c core.Calculator, n core.Index) {
	t.Helper()
	want := int64(len(fibonacci(n).String()))
	for _, n := range []core.Index{n, -n} {
		if got := c.Estimate(n).Digits; got != want {
			t.Errorf("the estimate for F(%d) has %d digits, want exactly %d", n, got, want)
		}
	}
}

func estimateOfAny(t *testing.T, c core.Calculator) {
	for _, n := range []core.Index{0, 1, 1_000_000, core.MaxIndex, -core.MaxIndex, core.MaxIndex + 1, math.MaxInt64, math.MinInt64} {
		if e := c.Estimate(n); e.Digits < 1 || e.Bytes < 1 || e.Duration < 1 {
			t.Errorf("the estimate for F(%d) is %+v, want positive numbers", n, e)
		}
	}
}
