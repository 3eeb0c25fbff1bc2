package fibonacci

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/pisano-dev/pisano/core"
)

func TestSmallPrimeFactors_AgreeWithTheNumber(t *testing.T) {
	t.Parallel()
	for n := int64(-300); n <= 300; n++ {
		numbers := []*big.Int{bigFibonacci(n), bigLucas(n)}
		for i, term := range bothAt(t, big.NewInt(n)) {
			var want []uint64
			for _, p := range smallPrimes() {
				if new(big.Int).Rem(numbers[i], new(big.Int).SetUint64(p)).Sign() == 0 {
					want = append(want, p)
				}
			}
			if got := term.SmallPrimeFactors(); !slices.Equal(got, want) {
				t.Errorf("%v is divided by %v, want %v", term, got, want)
			}
		}
	}
}

func TestSmallPrimeFactors_DivideLongNumbers(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(18, 5))
	for range 20 {
		for _, term := range bothAt(t, randomBig(r, 3000)) {
			factors := term.SmallPrimeFactors()
			for _, p := range smallPrimes() {
				divides := modulo(t, term, new(big.Int).SetUint64(p)).Sign() == 0
				if divides != slices.Contains(factors, p) {
					t.Errorf("%v is divided by %v; %d divides it: %v", term, factors, p, divides)
				}
			}
		}
	}
}

func TestDivisors_AgreeWithTheNumbers(t *testing.T) {
	t.Parallel()
	for n := int64(1); n <= 400; n++ {
		for i, sequence := range []func(int64) *big.Int{bigFibonacci, bigLucas} {
			term := bothAt(t, big.NewInt(-n))[i]
			got, err := term.Divisors()
			if err != nil {
				t.Fatal(err)
			}
			var want []core.Index
			for d := int64(1); d <= n; d++ {
				if n%d == 0 && new(big.Int).Rem(sequence(n), sequence(d)).Sign() == 0 && (i == 0 || n/d%2 == 1) {
					want = append(want, core.Index(d))
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%v: %v, want %v", term, got, want)
			}
		}
	}
	if d, err := at(t, new(big.Int)).Divisors(); err != nil || d != nil {
		t.Errorf("F(0): %v, %v", d, err)
	}
}

func TestDivisors_OfLargeIndices(t *testing.T) {
	t.Parallel()
	if d, err := at(t, big.NewInt(int64(core.MaxIndex))).Divisors(); err != nil || len(d) != 8 || d[1] != 6361 { // 6361·69431·20394401
		t.Errorf("%v, %v", d, err)
	}
	if _, err := at(t, big.NewInt(int64(core.MaxIndex)+1)).Divisors(); core.KindOf(err) != core.KindTooLarge {
		t.Errorf("beyond 2^53: %v", err)
	}
}

func TestDivisibility_MatchesGoldenValues(t *testing.T) {
	t.Parallel()
	for _, golden := range goldenExplorers(t) {
		for _, row := range golden.PrimeFactors {
			for i, want := range [][]uint64{row.Fibonacci, row.Lucas} {
				term := bothAt(t, bigOf(t, row.N))[i]
				if got := term.SmallPrimeFactors(); !slices.Equal(got, want) {
					t.Errorf("%v is divided by %v, want %v", term, got, want)
				}
			}
		}
		for _, row := range golden.Divisors {
			for i, want := range [][]core.Index{row.Fibonacci, row.Lucas} {
				term := bothAt(t, bigOf(t, row.N))[i]
				if got, err := term.Divisors(); err != nil || !slices.Equal(got, want) {
					t.Errorf("%v: %v, want %v; %v", term, got, want, err)
				}
			}
		}
		for _, row := range golden.GCDs {
			d, err := GCD(bigOf(t, row.A), bigOf(t, row.B))
			if err != nil {
				t.Fatal(err)
			}
			if got := d.exact(); got.Cmp(bigOf(t, row.GCD)) != 0 {
				t.Errorf("gcd(F(%s), F(%s)) = %v, want %s", row.A, row.B, got, row.GCD)
			}
		}
	}
}

func TestGCD_AgreesWithTheNumbers(t *testing.T) {
	t.Parallel()
	for a := int64(-60); a <= 60; a++ {
		for b := int64(-60); b <= 60; b++ {
			d, err := GCD(big.NewInt(a), big.NewInt(b))
			if err != nil {
				t.Fatal(err)
			}
			x, y := bigFibonacci(a), bigFibonacci(b)
			want := new(big.Int).GCD(nil, nil, x.Abs(x), y.Abs(y))
			if got := bigFibonacci(d.Index().Int64()); got.Cmp(want) != 0 {
				t.Errorf("gcd(F(%d), F(%d)) = %v = %v, want %v", a, b, d, got, want)
			}
		}
	}
	if _, err := GCD(big.NewInt(1), sum(largest(), big.NewInt(1))); core.KindOf(err) != core.KindTooLarge {
		t.Errorf("beyond 10^1000: %v", err)
	}
}
