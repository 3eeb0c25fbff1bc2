package fibonacci

import (
	"encoding/json"
	"flag"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/pisano-dev/pisano/core"
)

// further is a file of golden values that is not in the repository, made by
// testdata/golden-explorer.gp.
var further = flag.String("golden", "", "a further file of golden values of the explorer")

// goldenExplorer is what independent programs calculated: see
// testdata/golden-explorer.gp.
type goldenExplorer struct {
	Facts, LucasFacts []struct {
		N, DigitCount                        json.Number
		Leading, Trailing, Rounded, Exponent string
	}
	Mod, LucasMod []struct{ N, M, R json.Number }
	PrimeFactors  []struct {
		N                json.Number
		Fibonacci, Lucas []uint64
	}
	Divisors []struct {
		N                json.Number
		Fibonacci, Lucas []core.Index
	}
	Primality []struct {
		N                json.Number
		Fibonacci, Lucas *int // 1 for a prime, 0 for a composite
	}
	GCDs    []struct{ A, B, GCD json.Number }
	Periods []struct{ M, Period, Rank json.Number }
	Cycles  []struct{ M, Length, Sum uint64 }
	Ranges  []struct {
		From, To  core.Index
		Last, Sum json.Number
	}
	Zeckendorf []struct {
		X       json.Number
		Indices []int
	}
	Inverse []struct {
		X     json.Number
		Index *core.Index
	}
}

// goldenExplorers returns the contents of all files of golden values.
func goldenExplorers(t *testing.T) []goldenExplorer {
	t.Helper()
	names, err := filepath.Glob("../../testdata/golden-explorer*.json")
	if err != nil || len(names) == 0 {
		t.Fatal("no golden values", err)
	}
	if *further != "" {
		names = append(names, *further)
	}
	var all []goldenExplorer
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var g goldenExplorer
		if err := json.Unmarshal(data, &g); err != nil {
			t.Fatal(name, err)
		}
		all = append(all, g)
	}
	return all
}

func bigOf(t *testing.T, text json.Number) *big.Int {
	t.Helper()
	x, ok := new(big.Int).SetString(text.String(), 10)
	if !ok {
		t.Fatalf("%q is no integer", text)
	}
	return x
}

// at returns F(n), which must be a Term.
func at(t *testing.T, n *big.Int) Term {
	t.Helper()
	f, err := At(n)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// lucasAt returns L(n), which must be a Term.
func lucasAt(t *testing.T, n *big.Int) Term {
	t.Helper()
	l, err := LucasAt(n)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// bothAt returns F(n) and L(n).
func bothAt(t *testing.T, n *big.Int) []Term {
	t.Helper()
	return []Term{at(t, n), lucasAt(t, n)}
}

// modulo returns the term modulo m, which must exist.
func modulo(t *testing.T, term Term, m *big.Int) *big.Int {
	t.Helper()
	r, err := term.Mod(m)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// randomBig returns a random number of the given number of bits, or fewer.
func randomBig(r *rand.Rand, bits int) *big.Int {
	x := new(big.Int)
	for x.BitLen() < bits {
		x.Lsh(x, 64)
		x.Or(x, new(big.Int).SetUint64(r.Uint64()))
	}
	return x.Rsh(x, uint(x.BitLen()-bits+r.IntN(8)))
}

// bigLucas returns L(n) = F(n−1) + F(n+1).
func bigLucas(n int64) *big.Int {
	return new(big.Int).Add(bigFibonacci(n-1), bigFibonacci(n+1))
}

func sum(a ...*big.Int) *big.Int {
	s := new(big.Int)
	for _, x := range a {
		s.Add(s, x)
	}
	return s
}

func product(a, b *big.Int) *big.Int { return new(big.Int).Mul(a, b) }
