package fibonacci

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/pisano-dev/pisano/core"
)

func TestTerm_AgreesWithTheNumber(t *testing.T) {
	t.Parallel()
	for n := int64(-120); n <= 120; n++ {
		numbers := []*big.Int{bigFibonacci(n), bigLucas(n)}
		for i, term := range bothAt(t, big.NewInt(n)) {
			x := numbers[i]
			number, err := term.Number(t.Context())
			if err != nil || number.Big().Cmp(x) != 0 {
				t.Errorf("%v = %v, want %v; %v", term, number, x, err)
			}
			if term.Sign() != x.Sign() || term.Even() != (x.Bit(0) == 0) {
				t.Errorf("%v: sign %d, even %v; it is %v", term, term.Sign(), term.Even(), x)
			}
			if term.Index().Int64() != n {
				t.Errorf("%v has index %v", term, term.Index())
			}
		}
	}
	if zero := (Term{}); zero.String() != "F(0)" || zero.Sign() != 0 || zero.DigitCount().Int64() != 1 {
		t.Errorf("the zero Term is %v", zero)
	}
}

func TestTerm_DoesNotShareItsIndex(t *testing.T) {
	t.Parallel()
	n := big.NewInt(10)
	term := at(t, n)
	n.SetInt64(11)
	term.Index().SetInt64(12)
	if term.String() != "F(10)" {
		t.Errorf("F(10) became %v", term)
	}
}

func TestTerm_NumberOfLongLucasNumber(t *testing.T) {
	t.Parallel()
	// L(n)² = 5F(n)² + 4(−1)^n
	for _, n := range []int64{100_000, 100_001} {
		f, err := at(t, big.NewInt(n)).Number(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		l, err := lucasAt(t, big.NewInt(n)).Number(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want := product(big.NewInt(5), f.Abs().Square().Big())
		want.Add(want, big.NewInt(4-8*(n%2)))
		if l.Abs().Square().Big().Cmp(want) != 0 {
			t.Errorf("L(%d)² is not 5F(n)² ± 4", n)
		}
	}
}

func TestTerm_RefusesIndicesOutOfBounds(t *testing.T) {
	t.Parallel()
	for _, n := range []*big.Int{largest(), new(big.Int).Neg(largest())} {
		beyond := sum(n, big.NewInt(int64(n.Sign())))
		for _, newTerm := range []func(*big.Int) (Term, error){At, LucasAt} {
			term, err := newTerm(n)
			if err != nil {
				t.Error(err)
			}
			if _, err := term.Number(t.Context()); core.KindOf(err) != core.KindInvalid {
				t.Errorf("the number of the largest term: %v", err)
			}
			if _, err := newTerm(beyond); core.KindOf(err) != core.KindTooLarge {
				t.Errorf("beyond 10^1000: %v", err)
			}
		}
	}
}

// The identities hold for all integers. They are tried modulo large numbers at
// indices of up to 10^300 in size.
func TestTerm_SatisfiesIdentities(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(18, 1))
	signed := func(bits int) *big.Int {
		x := randomBig(r, 1+r.IntN(bits))
		if r.IntN(2) == 0 {
			x.Neg(x)
		}
		return x
	}
	one := big.NewInt(1)
	for range 200 {
		a, b, m := signed(1000), signed(1000), sum(randomBig(r, 1+r.IntN(400)), one)
		f := func(n *big.Int) *big.Int { return modulo(t, at(t, n), m) }
		l := func(n *big.Int) *big.Int { return modulo(t, lucasAt(t, n), m) }
		minus := func(x *big.Int) *big.Int { return new(big.Int).Neg(x) }
		alternating := func(n *big.Int) *big.Int { return big.NewInt(1 - 2*int64(n.Bit(0))) }
		up, down := sum(a, one), sum(a, minus(one))
		for name, difference := range map[string]*big.Int{
			"recurrence":          sum(f(up), minus(f(a)), minus(f(down))),
			"Lucas recurrence":    sum(l(up), minus(l(a)), minus(l(down))),
			"negation":            sum(f(minus(a)), product(alternating(a), f(a))),
			"Lucas negation":      sum(l(minus(a)), minus(product(alternating(a), l(a)))),
			"Cassini":             sum(product(f(up), f(down)), minus(product(f(a), f(a))), minus(alternating(a))),
			"addition":            sum(f(sum(a, b)), minus(product(f(up), f(b))), minus(product(f(a), f(sum(b, minus(one)))))),
			"d'Ocagne":            sum(product(f(a), f(sum(b, one))), minus(product(f(up), f(b))), minus(product(alternating(b), f(sum(a, minus(b)))))),
			"Lucas and Fibonacci": sum(l(a), minus(f(up)), minus(f(down))),
			"product":             sum(f(sum(a, a)), minus(product(f(a), l(a)))),
		} {
			if difference.Mod(difference, m).Sign() != 0 {
				t.Errorf("%s does not hold for a = %v, b = %v modulo %v", name, a, b, m)
			}
		}
	}
}
