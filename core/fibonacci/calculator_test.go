package fibonacci

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math/big"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/internal/engine"
	"github.com/pisano-dev/pisano/core/porttest"
)

// goldenRow is a value that an independent program calculated.
type goldenRow struct {
	Index             core.Index
	DigitCount        int64
	Leading, Trailing string
	SHA256            string
}

func goldenRows(t *testing.T) []goldenRow {
	t.Helper()
	data, err := os.ReadFile("../../testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []goldenRow
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestCalculator_KeepsTheContract(t *testing.T) {
	t.Parallel()
	for _, e := range engine.Available() {
		t.Run(e.Name(), func(t *testing.T) {
			t.Parallel()
			porttest.TestCalculator(t, func(*testing.T) core.Calculator { return Calculator{engine: e} })
		})
	}
}

func TestCalculator_MatchesGoldenValues(t *testing.T) {
	t.Parallel()
	for _, e := range engine.Available() {
		t.Run(e.Name(), func(t *testing.T) {
			t.Parallel()
			for _, row := range goldenRows(t) {
				if got := DigitCount(row.Index); got != row.DigitCount {
					t.Errorf("DigitCount(%d) = %d, want %d", row.Index, got, row.DigitCount)
				}
				f, err := Calculator{engine: e}.Calculate(context.Background(), row.Index, nil)
				if err != nil {
					t.Fatal(err)
				}
				hash := sha256.New()
				if _, err := f.WriteTo(hash); err != nil {
					t.Fatal(err)
				}
				if got := hex.EncodeToString(hash.Sum(nil)); got != row.SHA256 {
					t.Errorf("F(%d) has other digits", row.Index)
				}
			}
		})
	}
}

// bigFibonacci returns F(n) by repeated addition of big.Int.
func bigFibonacci(n int64) *big.Int {
	if n < 0 {
		f := bigFibonacci(-n)
		if n%2 == 0 {
			f.Neg(f)
		}
		return f
	}
	a, b := big.NewInt(0), big.NewInt(1)
	for range n {
		a.Add(a, b)
		a, b = b, a
	}
	return a
}

func TestCalculator_AgreesWithRepeatedAddition(t *testing.T) {
	t.Parallel()
	for n := int64(-300); n <= 2000; n++ {
		want := bigFibonacci(n)
		text, err := Text(context.Background(), core.Index(n))
		if err != nil || text != want.String() {
			t.Fatalf("F(%d) = %s, %v, want %v", n, text, err, want)
		}
		got, err := Big(context.Background(), core.Index(n))
		if err != nil || got.Cmp(want) != 0 {
			t.Fatalf("F(%d) = %v, %v, want %v", n, got, err, want)
		}
		appended, err := AppendText(context.Background(), []byte("F = "), core.Index(n))
		if err != nil || string(appended) != "F = "+text {
			t.Fatalf("F(%d) was appended as %s, %v", n, appended, err)
		}
		var written strings.Builder
		if count, err := Write(context.Background(), &written, core.Index(n)); err != nil ||
			written.String() != text || count != int64(len(text)) {
			t.Fatalf("F(%d) was written as %s, %v", n, written.String(), err)
		}
	}
}

// F(a+b) = F(a)F(b+1) + F(a−1)F(b) relates five indices that are doubled along
// different bits.
func TestBig_SatisfiesTheAdditionTheorem(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	value := func(n core.Index) *big.Int {
		f, err := Big(context.Background(), n)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	for range 20 {
		a, b := core.Index(r.Int64N(40_000)-20_000), core.Index(r.Int64N(40_000)-20_000)
		want := new(big.Int).Mul(value(a), value(b+1))
		want.Add(want, new(big.Int).Mul(value(a-1), value(b)))
		if value(a+b).Cmp(want) != 0 {
			t.Errorf("F(%d+%d) is wrong", a, b)
		}
	}
}

func TestCalculator_RefusesIndicesOutOfRange(t *testing.T) {
	t.Parallel()
	for _, n := range []core.Index{core.MaxIndex + 1, -core.MaxIndex - 1, 1<<63 - 1, -1 << 63} {
		_, err := New().Calculate(context.Background(), n, nil)
		if core.KindOf(err) != core.KindInvalid {
			t.Errorf("F(%d): %v", n, err)
		}
		if e := New().Estimate(n); e.Digits <= 0 || e.Bytes <= 0 || e.Duration <= 0 {
			t.Errorf("the estimate for F(%d) is %+v", n, e)
		}
	}
}

func TestCalculator_ReportsIncreasingProgress(t *testing.T) {
	t.Parallel()
	last, calls := 0.0, 0
	_, err := New().Calculate(context.Background(), 300_000, func(fraction float64) {
		calls++
		if fraction < last || fraction > 1 {
			t.Errorf("progress went from %v to %v", last, fraction)
		}
		last = fraction
	})
	if err != nil || calls < 10 || last < 0.9 {
		t.Errorf("%d reports of progress up to %v, %v", calls, last, err)
	}
}

func TestCalculator_RefusesTooLargeIndicesWithTheEstimate(t *testing.T) {
	t.Parallel()
	if tooLong(engine.Chosen(), uint64(MaxIndex)) {
		t.Error("F(MaxIndex) is too long")
	}
	for _, n := range []core.Index{core.MaxIndex, -core.MaxIndex, MaxIndex + 1} {
		_, err := New().Calculate(context.Background(), n, nil)
		var e *core.Error
		if !errors.As(err, &e) || e.Kind != core.KindTooLarge || e.Estimate == nil || e.Estimate.Digits != DigitCount(n) {
			t.Errorf("F(%d): %v", n, err)
		}
	}
}

// A calculation can be canceled at any point of its progress. synctest.Test fails
// if a goroutine is left.
func TestCalculator_EndsWhenCanceledAndLeavesNoGoroutine(t *testing.T) {
	t.Parallel()
	New() // measures the speed outside of the bubble
	enough := errors.New("enough")
	for moment := range 10 {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			_, err := New().Calculate(ctx, 6_000_000, func(fraction float64) {
				if fraction >= float64(moment)/10 {
					cancel(enough)
					synctest.Wait() // until the calculation is notified
				}
			})
			if !errors.Is(err, enough) {
				t.Errorf("cancelled after %d/10: %v", moment, err)
			}
		})
	}
}

func TestCalculator_ReturnsTheCauseOfACanceledContext(t *testing.T) {
	t.Parallel()
	enough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(enough)
	for _, n := range []core.Index{0, 1000, 1_000_000_000} {
		if _, err := New().Calculate(ctx, n, nil); !errors.Is(err, enough) {
			t.Errorf("F(%d): %v", n, err)
		}
	}
}

func TestEstimate_IsMonotonicAndExactInDigits(t *testing.T) {
	t.Parallel()
	for _, row := range goldenRows(t) {
		if got := New().Estimate(row.Index).Digits; got != row.DigitCount {
			t.Errorf("the estimate for F(%d) says %d digits, want %d", row.Index, got, row.DigitCount)
		}
	}
	// On one processor: on many, a calculation that is just long enough for all of them takes
	// less time than one of half the index.
	one := New().WithParallelism(1)
	last := core.Estimate{}
	for n := core.Index(1); n < core.MaxIndex/2; n *= 2 {
		e := one.Estimate(-n)
		if e != one.Estimate(n) || e.Digits < last.Digits || e.Bytes < last.Bytes || e.Duration < last.Duration {
			t.Errorf("the estimate for %d is %+v, for half of it %+v", n, e, last)
		}
		last = e
	}
}

// The estimate is for all indices of a service, also those beyond what this machine
// can calculate.
func TestEstimate_MemoryGrowsInProportion(t *testing.T) {
	t.Parallel()
	for _, e := range engine.Available() {
		for n := uint64(1_000_000); n < uint64(core.MaxIndex)/2; n *= 2 {
			one, two := float64(peakBytes(e, n)), float64(peakBytes(e, 2*n))
			if one < float64(digitCount(n))/2 || two/one < 1.2 || two/one > 5 {
				t.Errorf("%s: F(%d) takes %.3g bytes, F(%d) %.3g", e.Name(), n, one, 2*n, two)
			}
		}
	}
}

func TestAppendText_DoesNotAllocate(t *testing.T) { //nolint:paralleltest // it counts allocations
	text := make([]byte, 0, 21_000)
	indices := []core.Index{0, 10, 93, -100, 500}
	if Engine() != "purego" {
		indices = append(indices, 10_000, -100_000)
	}
	for _, n := range indices {
		if count := testing.AllocsPerRun(100, func() {
			if _, err := AppendText(context.Background(), text, n); err != nil {
				t.Fatal(err)
			}
		}); count > 0 {
			t.Errorf("F(%d): %v allocations", n, count)
		}
	}
}
