package fibonacci

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/pisano-dev/pisano/core"
)

// checkZeckendorf reports a representation that is not that of x.
func checkZeckendorf(t *testing.T, x *big.Int) {
	t.Helper()
	indices, err := Zeckendorf(x)
	if err != nil {
		t.Fatal(err)
	}
	total, last := new(big.Int), -1
	for i, n := range indices {
		if n < 2 || i > 0 && n > last-2 {
			t.Errorf("%v: %v", x, indices)
		}
		total.Add(total, doubled(uint64(n)))
		last = n
	}
	if total.Cmp(x) != 0 {
		t.Errorf("%v add up to %v, want %v", indices, total, x)
	}
}

func TestZeckendorf_AddsUpWithoutNeighbours(t *testing.T) {
	t.Parallel()
	for x := range int64(2000) {
		checkZeckendorf(t, big.NewInt(x))
	}
	r := rand.New(rand.NewPCG(18, 6))
	for range 100 {
		checkZeckendorf(t, randomBig(r, 1+r.IntN(3000)))
	}
	checkZeckendorf(t, largest())
	checkZeckendorf(t, sum(largest(), big.NewInt(-1)))
}

func TestZeckendorf_MatchesGoldenIndices(t *testing.T) {
	t.Parallel()
	for _, golden := range goldenExplorers(t) {
		for _, row := range golden.Zeckendorf {
			if got, err := Zeckendorf(bigOf(t, row.X)); err != nil || !slices.Equal(got, row.Indices) {
				t.Errorf("%s: %v, want %v; %v", row.X, got, row.Indices, err)
			}
		}
	}
}

func TestZeckendorf_RefusesNumbersOutOfBounds(t *testing.T) {
	t.Parallel()
	if _, err := Zeckendorf(big.NewInt(-1)); core.KindOf(err) != core.KindInvalid {
		t.Error(err)
	}
	if _, err := Zeckendorf(sum(largest(), big.NewInt(1))); core.KindOf(err) != core.KindTooLarge {
		t.Error(err)
	}
}

// FuzzZeckendorf tries that the Fibonacci numbers add up to x.
func FuzzZeckendorf(f *testing.F) {
	f.Add([]byte{100})
	f.Fuzz(func(t *testing.T, x []byte) {
		checkZeckendorf(t, new(big.Int).SetBytes(x[:min(len(x), 400)]))
	})
}
