package fibonacci

import (
	"context"
	"math/big"
	"math/bits"
	"math/rand/v2"
	"runtime"
	"strconv"
	"testing"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/internal/engine"
)

// doubled returns F(n) by doubling F(k), F(k+1) in math/big.
func doubled(n uint64) *big.Int {
	a, b := big.NewInt(0), big.NewInt(1)
	for i := bits.Len64(n) - 1; i > 0; i-- {
		c := new(big.Int).Lsh(b, 1)
		c.Mul(a, c.Sub(c, a))
		d := new(big.Int).Mul(a, a)
		d.Add(d, b.Mul(b, b))
		if a, b = c, d; n>>i&1 == 1 {
			a, b = d, c.Add(c, d)
		}
	}
	if n%2 == 1 {
		return a.Add(a.Mul(a, a), b.Mul(b, b))
	}
	return b.Mul(a, b.Sub(b.Lsh(b, 1), a))
}

func TestCalculator_AgreesWithMathBigAtRandomIndices(t *testing.T) {
	t.Parallel()
	for _, sample := range []struct {
		below core.Index
		count int
	}{{20_000, 10_000}, {2_000_000, 200}} {
		shares := runtime.GOMAXPROCS(0)
		for share := range shares {
			t.Run(strconv.Itoa(int(sample.below))+"/"+strconv.Itoa(share), func(t *testing.T) {
				t.Parallel()
				r := rand.New(rand.NewPCG(uint64(sample.below), uint64(share)))
				for range (sample.count + shares - 1) / shares {
					n := core.Index(r.Int64N(int64(sample.below)))
					want := doubled(uint64(n)).String()
					for _, e := range engine.Available() {
						if f, err := (Calculator{engine: e}).Calculate(context.Background(), n, nil); err != nil || f.String() != want {
							t.Fatalf("%s: F(%d) has other digits than math/big finds; %v", e.Name(), n, err)
						}
					}
				}
			})
		}
	}
}

// Where one way of calculating ends and another begins, every index counts: one
// word too many is a few hundred indices of one parity.
func TestCalculator_CalculatesEveryIndexAsTheSumOfTheTwoBefore(t *testing.T) {
	t.Parallel()
	for _, e := range engine.Available() {
		t.Run(e.Name(), func(t *testing.T) {
			t.Parallel()
			ranges := []struct{ first, last uint64 }{{0, 2000}}
			for _, border := range []uint64{indexOfHalf(stackWords), transformIndex(e), indexOfHalf(e.PairWords()), 2 * indexOfHalf(e.PairWords())} {
				ranges = append(ranges, struct{ first, last uint64 }{border - 400, border + 400})
			}
			for _, r := range ranges {
				before, last := decimal.Natural{}, decimal.Natural{}
				for n := r.first; n <= r.last; n++ {
					f, err := (Calculator{engine: e}).Calculate(t.Context(), core.Index(n), nil)
					if err != nil {
						t.Fatalf("F(%d): %v", n, err)
					}
					if n >= r.first+2 && !f.Equal(before.Add(last)) {
						t.Fatalf("F(%d) is not F(%d) + F(%d)", n, n-2, n-1)
					}
					before, last = last, f
				}
			}
		})
	}
}

// The indices cover every length of the transforms and both parities at each step.
func TestVerify_AcceptsIndicesAroundPowersOfTwo(t *testing.T) {
	t.Parallel()
	for _, e := range engine.Available() {
		t.Run(e.Name(), func(t *testing.T) {
			t.Parallel()
			for n := transformIndex(e); n < 8_000_000; n = n * 5 / 4 {
				power := uint64(1) << bits.Len64(n)
				for _, n := range []uint64{n, power - 1, power, power + 1} {
					d := newDoubling(e, n)
					w := d.begin(nil)
					if f, ok := d.run(w, false); !ok || !verify(n, f, w) {
						t.Errorf("F(%d) did not pass", n)
					}
					w.End()
				}
			}
		})
	}
}

// FuzzCalculator compares the engines.
func FuzzCalculator(f *testing.F) {
	for _, n := range []uint32{93, 4095, 43_000, 99_999, 1 << 20} {
		f.Add(n)
	}
	f.Fuzz(func(t *testing.T, n uint32) {
		want, err := Calculator{engine: engine.Available()[0]}.Calculate(t.Context(), core.Index(n%(1<<21)), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range engine.Available()[1:] {
			got, err := Calculator{engine: e}.Calculate(t.Context(), core.Index(n%(1<<21)), nil)
			if err != nil || !got.Equal(want) {
				t.Errorf("%s: F(%d) has other digits; %v", e.Name(), n%(1<<21), err)
			}
		}
	})
}

// Short numbers are calculated with the most digits in a point. Numbers of 10^9
// digits and more have fewer.
func TestDoubling_AgreesForAllPointDigits(t *testing.T) {
	t.Parallel()
	for _, e := range engine.Available() {
		for _, n := range []uint64{50_001, 300_000, 1_234_567, 8_000_001} {
			d := newDoubling(e, n)
			want := d.number()
			for range 2 {
				d.digits--
				if got := d.number(); !got.Equal(want) {
					t.Errorf("%s: F(%d) is another number with %d digits in a point", e.Name(), n, d.digits)
				}
			}
		}
	}
}
