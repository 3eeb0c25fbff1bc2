package fibonacci

import (
	"encoding/json"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/pisano-dev/pisano/core"
)

func TestMod_MatchesGoldenRemainders(t *testing.T) {
	t.Parallel()
	for _, golden := range goldenExplorers(t) {
		for _, row := range golden.Mod {
			n, m := bigOf(t, row.N), bigOf(t, row.M)
			if got := modulo(t, at(t, n), m); got.Cmp(bigOf(t, row.R)) != 0 {
				t.Errorf("F(%v) modulo %v = %v, want %s", n, m, got, row.R)
			}
		}
		for _, row := range golden.LucasMod {
			n, m := bigOf(t, row.N), bigOf(t, row.M)
			if got := modulo(t, lucasAt(t, n), m); got.Cmp(bigOf(t, row.R)) != 0 {
				t.Errorf("L(%v) modulo %v = %v, want %s", n, m, got, row.R)
			}
		}
	}
}

func TestTerm_ModAgreesWithTheNumber(t *testing.T) {
	t.Parallel()
	for _, m := range []*big.Int{big.NewInt(1), big.NewInt(2), big.NewInt(97), powerOf10(30)} {
		for n := int64(-200); n <= 200; n++ {
			for i, want := range []*big.Int{bigFibonacci(n), bigLucas(n)} {
				term := bothAt(t, big.NewInt(n))[i]
				if got := modulo(t, term, m); got.Cmp(new(big.Int).Mod(want, m)) != 0 {
					t.Errorf("%v modulo %v = %v", term, m, got)
				}
			}
		}
	}
}

func TestTrailing_AgreesWithTheRemainder(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(18, 7))
	for k := 1; k <= 60; k++ {
		for _, term := range bothAt(t, randomBig(r, 100+r.IntN(500))) {
			digits, err := term.Trailing(k)
			if want := modulo(t, term, powerOf10(k)); err != nil || len(digits) != k || bigOf(t, json.Number(digits)).Cmp(want) != 0 {
				t.Errorf("%v ends with %s, want %v; %v", term, digits, want, err)
			}
		}
	}
}

func TestSteps_AreDoublingsOfTheIndex(t *testing.T) {
	t.Parallel()
	m := big.NewInt(1_000_007)
	for _, n := range []int64{0, 1, 2, 3, 100, -1000, 123_456_789} {
		steps, err := at(t, big.NewInt(n)).Steps(m)
		if err != nil {
			t.Fatal(err)
		}
		last := int64(0)
		for step := range steps {
			index := step.Index.Int64()
			if index/2 != last {
				t.Errorf("n = %d: index %d follows %d", n, index, last)
			}
			if f := Mod(core.Index(index), m.Uint64()); step.F.Uint64() != f {
				t.Errorf("F(%d) modulo %v = %d, the step has %v", index, m, f, step.F)
			}
			if f := Mod(core.Index(index+1), m.Uint64()); step.Next.Uint64() != f {
				t.Errorf("F(%d) modulo %v = %d, the step has %v", index+1, m, f, step.Next)
			}
			last = index
		}
		if last != max(n, -n) {
			t.Errorf("n = %d: the last index is %d", n, last)
		}
	}
}

func TestTerm_RefusesModuliOutOfBounds(t *testing.T) {
	t.Parallel()
	for m, want := range map[*big.Int]core.Kind{
		big.NewInt(0): core.KindInvalid, big.NewInt(-1): core.KindInvalid, largest(): core.KindNone,
		sum(largest(), big.NewInt(1)): core.KindTooLarge,
	} {
		term := at(t, big.NewInt(10))
		if _, err := term.Mod(m); core.KindOf(err) != want {
			t.Errorf("Mod(%.10v…): %v", m, err)
		}
		if _, err := term.Steps(m); core.KindOf(err) != want {
			t.Errorf("Steps(%.10v…): %v", m, err)
		}
	}
}
