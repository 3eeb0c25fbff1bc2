package fibonacci

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
)

func TestNumber_HasItsSign(t *testing.T) {
	t.Parallel()
	for n, want := range map[core.Index]int64{-8: -21, -7: 13, -1: 1, 0: 0, 1: 1, 8: 21, -90: -2880067194370816120} {
		f, err := Number(t.Context(), n)
		if err != nil || !f.Equal(decimal.NewInt(want)) {
			t.Errorf("F(%d) = %v, %v, want %d", n, f, err, want)
		}
		if b, err := Big(t.Context(), n); err != nil || b.Cmp(f.Big()) != 0 {
			t.Errorf("F(%d) is %v as a big.Int; %v", n, b, err)
		}
		if m, err := Magnitude(t.Context(), n); err != nil || !m.Equal(f.Abs()) {
			t.Errorf("|F(%d)| = %v, %v", n, m, err)
		}
	}
	if f, err := Number(t.Context(), core.MaxIndex); core.KindOf(err) != core.KindTooLarge || !f.IsZero() {
		t.Errorf("F(core.MaxIndex) = %v, %v", f, err)
	}
}

// The memory of a number that was only printed serves the next one.
func TestText_StaysWhenAnotherNumberIsCalculated(t *testing.T) {
	t.Parallel()
	for _, n := range []core.Index{10_000, -100_000, 1_000_000} {
		text, err := Text(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		f, err := Number(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		for _, other := range []core.Index{n + 1, n - 1} {
			if _, err := AppendText(t.Context(), nil, other); err != nil {
				t.Fatal(err)
			}
		}
		if want := f.String(); text != want {
			t.Errorf("F(%d) as text has other digits than the number", n)
		}
		if g, err := Number(t.Context(), n); err != nil || !g.Equal(f) {
			t.Errorf("F(%d) has changed; %v", n, err)
		}
	}
}

// BenchmarkText is from an index to text, with the chosen engine.
func BenchmarkText(b *testing.B) {
	for n := core.Index(1000); n <= 10_000_000; n *= 10 {
		b.Run(n.String(), func(b *testing.B) {
			for b.Loop() {
				if _, err := Text(context.Background(), n); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// canceling is a writer that cancels when it is first written to.
type canceling struct {
	bytes.Buffer
	cancel func()
}

func (c *canceling) Write(p []byte) (int, error) {
	c.cancel()
	return c.Buffer.Write(p)
}

func TestWrite_EndsWhenItsContextDoes(t *testing.T) {
	t.Parallel()
	enough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	w := &canceling{cancel: func() { cancel(enough) }}
	const n = 1_000_000
	count, err := Write(ctx, w, n)
	if !errors.Is(err, enough) || count != int64(w.Len()) || count == 0 || count >= DigitCount(n) {
		t.Errorf("%d of %d digits were written, %v", count, DigitCount(n), err)
	}
}

func TestRange_AgreesWithNumber(t *testing.T) {
	t.Parallel()
	for _, r := range []struct{ first, last core.Index }{
		{-300, 700}, {0, 0}, {5, 6}, {-8, -8}, {-core.Index(tableIndex) - 5, -tableIndex}, {100_000, 100_005}, {3, 2},
	} {
		numbers, err := Range(t.Context(), r.first, r.last)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // it may be iterated again
			next := r.first
			for n, f := range numbers {
				if want, err := Number(t.Context(), n); n != next || err != nil || !f.Equal(want) {
					t.Fatalf("F(%d) came as F(%d) = %.50v", next, n, f.String())
				}
				next++
			}
			if want := max(r.first, r.last+1); next != want {
				t.Errorf("from F(%d) to F(%d), the iteration ended before F(%d)", r.first, r.last, next)
			}
		}
	}
}

func TestRange_MatchesGoldenSums(t *testing.T) {
	t.Parallel()
	for _, golden := range goldenExplorers(t) {
		for _, row := range golden.Ranges {
			numbers, err := Range(t.Context(), row.From, row.To)
			if err != nil {
				t.Fatal(err)
			}
			var last, total decimal.Int
			for _, last = range numbers {
				total = total.Add(last)
			}
			if last.String() != row.Last.String() || total.String() != row.Sum.String() {
				t.Errorf("F(%d) to F(%d): the last is %v, the sum %v, want %s, %s", row.From, row.To, last, total, row.Last, row.Sum)
			}
		}
	}
}

func TestRange_EndsWithTheLoop(t *testing.T) {
	t.Parallel()
	numbers, err := Range(t.Context(), 1, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	var last core.Index
	for n, f := range numbers {
		if last = n; f.Abs().DigitCount() > 10 {
			break
		}
	}
	if last != 50 {
		t.Errorf("the first number of eleven digits is F(%d), want F(50)", last)
	}
}

func TestRange_RefusesWhatCalculateRefuses(t *testing.T) {
	t.Parallel()
	for _, r := range []struct {
		first, last core.Index
		kind        core.Kind
	}{
		{-core.MaxIndex - 1, 0, core.KindInvalid}, {0, core.MaxIndex + 1, core.KindInvalid}, {0, 1<<63 - 1, core.KindInvalid},
		{0, core.MaxIndex, core.KindTooLarge}, {-core.MaxIndex, 0, core.KindTooLarge},
	} {
		if numbers, err := Range(t.Context(), r.first, r.last); numbers != nil || core.KindOf(err) != r.kind {
			t.Errorf("from F(%d) to F(%d): %v", r.first, r.last, err)
		}
	}
	if _, err := (Calculator{}).WithMemoryLimit(1<<20).Range(t.Context(), 1, 100_000_000); core.KindOf(err) != core.KindTooLarge {
		t.Errorf("to F(10^8) in 1 MiB: %v", err)
	}
}
