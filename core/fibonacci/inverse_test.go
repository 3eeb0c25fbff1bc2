package fibonacci

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
)

// inverse returns the Preimage of x, which must be found.
func inverse(t *testing.T, x *big.Int) Preimage {
	t.Helper()
	p, err := Inverse(t.Context(), decimal.IntFromBig(x))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The indices and neighbours of small numbers, among all Fibonacci numbers.
func TestInverse_AgreesWithTheSequence(t *testing.T) {
	t.Parallel()
	const most = 40
	for x := int64(-3000); x <= 3000; x++ {
		want := Preimage{Below: -most, Above: most}
		value := func(n core.Index) int64 { return bigFibonacci(int64(n)).Int64() }
		for n := core.Index(-most); n <= most; n++ {
			f := value(n)
			if f > 0 && n < 0 && f != x {
				continue // a positive index has the same number
			}
			switch {
			case f == x:
				want.Indices = append(want.Indices, n)
			case f < x && (f > value(want.Below) || f == value(want.Below) && n > want.Below):
				want.Below = n
			case f > x && f < value(want.Above):
				want.Above = n
			}
		}
		got := inverse(t, big.NewInt(x))
		if !slices.Equal(got.Indices, want.Indices) || got.Below != want.Below || got.Above != want.Above {
			t.Errorf("%d: %+v, want %+v", x, got, want)
		}
	}
}

func TestInverse_InvertsTheCalculation(t *testing.T) {
	t.Parallel()
	one := decimal.NewInt(1)
	for _, n := range []core.Index{3, 4, 86, 87, 88, 92, 93, 94, 95, 1000, 1001, 65_536, 300_001, 4_000_000, 4_784_971} {
		f, err := Number(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Inverse(t.Context(), f)
		if err != nil || !slices.Contains(p.Indices, n) || p.Below != n-1 || p.Above != n+1 {
			t.Errorf("F(%d): %+v, %v", n, p, err)
		}
		if n == 3 || n == 4 {
			continue // the numbers beside are Fibonacci numbers
		}
		p, err = Inverse(t.Context(), f.Add(one))
		if err != nil || len(p.Indices) > 0 || p.Below != n || p.Above != n+1 {
			t.Errorf("F(%d) + 1: %+v, %v", n, p, err)
		}
		p, err = Inverse(t.Context(), f.Sub(one))
		if err != nil || len(p.Indices) > 0 || p.Below != n-1 || p.Above != n {
			t.Errorf("F(%d) − 1: %+v, %v", n, p, err)
		}
		p, err = Inverse(t.Context(), f.Neg())
		if err != nil || (n%2 == 0) != slices.Contains(p.Indices, -n) || len(p.Indices) > 1 {
			t.Errorf("−F(%d): %+v, %v", n, p, err)
		}
	}
}

func TestInverse_MatchesGoldenIndices(t *testing.T) {
	t.Parallel()
	for _, golden := range goldenExplorers(t) {
		for _, row := range golden.Inverse {
			p := inverse(t, bigOf(t, row.X))
			if row.Index == nil && len(p.Indices) > 0 || row.Index != nil && !slices.Contains(p.Indices, *row.Index) {
				t.Errorf("%s has the indices %v, want %v", row.X, p.Indices, row.Index)
			}
		}
	}
}

func TestInverse_RefusesMoreThanAMillionDigits(t *testing.T) {
	t.Parallel()
	x, err := decimal.ParseInt("1" + strings.Repeat("0", MaxInverseDigits))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Inverse(t.Context(), x); core.KindOf(err) != core.KindTooLarge {
		t.Error(err)
	}
	if p, err := Inverse(t.Context(), x.Sub(decimal.NewInt(1))); err != nil || p.Above-p.Below != 1 {
		t.Errorf("10^%d − 1: %+v, %v", MaxInverseDigits, p, err)
	}
}

func TestInverse_KeepsTheSettingsOfTheCalculator(t *testing.T) {
	t.Parallel()
	x, err := Number(t.Context(), 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	c := Calculator{}.WithParallelism(1)
	if p, err := c.Inverse(t.Context(), x); err != nil || !slices.Equal(p.Indices, []core.Index{1_000_000}) {
		t.Errorf("%+v, %v", p, err)
	}
	if p, err := c.WithMemoryLimit(1<<10).Inverse(t.Context(), x); core.KindOf(err) != core.KindTooLarge {
		t.Errorf("in a kilobyte: %+v, %v", p, err)
	}
}

// FuzzInverse tries that the neighbours of x are on both sides of it.
func FuzzInverse(f *testing.F) {
	f.Add("832040")
	f.Add("-1")
	f.Fuzz(func(t *testing.T, text string) {
		number, err := decimal.ParseInt(text)
		if err != nil || len(text) > 10_000 {
			return
		}
		x := number.Big()
		p := inverse(t, x)
		value := func(n core.Index) *big.Int {
			f := doubled(uint64(n.Abs()))
			if n.Negative() {
				f.Neg(f)
			}
			return f
		}
		if value(p.Below).Cmp(x) >= 0 || value(p.Above).Cmp(x) <= 0 {
			t.Errorf("%v: %+v", x, p)
		}
		for _, n := range p.Indices {
			if value(n).Cmp(x) != 0 {
				t.Errorf("%v: %+v", x, p)
			}
		}
	})
}
