package fibonacci

import (
	"context"
	"encoding/json"
	"errors"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/pisano-dev/pisano/core"
)

// period returns the Period of m, which must be found.
func period(t *testing.T, m *big.Int) Period {
	t.Helper()
	p, err := PisanoPeriod(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPisanoPeriod_AgreesWithTheSequence(t *testing.T) {
	t.Parallel()
	const most, shares = 10_000, 8
	for share := range uint64(shares) {
		t.Run(strconv.FormatUint(share, 10), func(t *testing.T) {
			t.Parallel()
			for m := 1 + share; m <= most; m += shares {
				length, rank, zeros := int64(0), int64(0), 0
				for f := range Cycle(m) {
					if f == 0 {
						if zeros++; zeros == 2 {
							rank = length
						}
					}
					length++
				}
				if zeros == 1 {
					rank = length
				}
				if p := period(t, new(big.Int).SetUint64(m)); p.Period.Int64() != length || p.Rank.Int64() != rank || p.Ratio != zeros {
					t.Errorf("π(%d) = %v, α = %v, ratio %d, want %d, %d, %d", m, p.Period, p.Rank, p.Ratio, length, rank, zeros)
				}
			}
		})
	}
}

func TestPisanoPeriod_MatchesGoldenPeriods(t *testing.T) {
	t.Parallel()
	for _, golden := range goldenExplorers(t) {
		for _, row := range golden.Periods {
			p := period(t, bigOf(t, row.M))
			if p.Period.Cmp(bigOf(t, row.Period)) != 0 || p.Rank.Cmp(bigOf(t, row.Rank)) != 0 {
				t.Errorf("π(%s) = %v, α = %v, want %s, %s", row.M, p.Period, p.Rank, row.Period, row.Rank)
			}
		}
		for _, row := range golden.Cycles {
			var length, total uint64
			for f := range Cycle(row.M) {
				length++
				total += f
			}
			if length != row.Length || total != row.Sum {
				t.Errorf("the cycle modulo %d has %d numbers with the sum %d, want %d, %d", row.M, length, total, row.Length, row.Sum)
			}
		}
	}
}

// The first periods as in sequence A001175 of the On-Line Encyclopedia of Integer
// Sequences, and periods that are theorems.
func TestPisanoPeriod_MatchesKnownTables(t *testing.T) {
	t.Parallel()
	for i, want := range []int64{
		1, 3, 8, 6, 20, 24, 16, 12, 24, 60, 10, 24, 28, 48, 40, 24, 36, 24, 18, 60, 16, 30, 48, 24, 100, 84, 72, 48, 14, 120,
		30, 48, 40, 36, 80, 24, 76, 18, 56, 60, 40, 48, 88, 30, 120, 48, 32, 24, 112, 300, 72, 84, 108, 72, 20, 48, 72, 42, 58, 120,
	} {
		if got := period(t, big.NewInt(int64(i)+1)).Period; got.Int64() != want {
			t.Errorf("π(%d) = %v, want %d", i+1, got, want)
		}
	}
	for k := int64(3); k <= 30; k++ { // π(10^k) = 15·10^(k−1)
		want := product(big.NewInt(15), powerOf10(int(k-1)))
		if got := period(t, powerOf10(int(k))).Period; got.Cmp(want) != 0 {
			t.Errorf("π(10^%d) = %v", k, got)
		}
	}
	for n := int64(4); n <= 140; n += 2 { // π(F(n)) = 2n for even n, and 4n for odd n
		if got := period(t, bigFibonacci(n)).Period; got.Int64() != 2*n {
			t.Errorf("π(F(%d)) = %v", n, got)
		}
	}
	for n := int64(5); n <= 91; n += 2 {
		if got := period(t, bigFibonacci(n)).Period; got.Int64() != 4*n {
			t.Errorf("π(F(%d)) = %v", n, got)
		}
	}
}

// checkPeriod reports a period that is none, or is not the least.
func checkPeriod(t *testing.T, p Period) {
	t.Helper()
	one := new(big.Int).Mod(big.NewInt(1), p.Modulus)
	isPeriod := func(n *big.Int) bool {
		a, b := pairModulo(n, p.Modulus)
		return a.Sign() == 0 && b.Cmp(one) == 0
	}
	isZero := func(n *big.Int) bool {
		a, _ := pairModulo(n, p.Modulus)
		return a.Sign() == 0
	}
	if !isPeriod(p.Period) || !isZero(p.Rank) {
		t.Errorf("%v and %v are no period and rank modulo %v", p.Period, p.Rank, p.Modulus)
	}
	if product(p.Rank, big.NewInt(int64(p.Ratio))).Cmp(p.Period) != 0 || 4%p.Ratio != 0 {
		t.Errorf("modulo %v the ratio of %v and %v is %d", p.Modulus, p.Period, p.Rank, p.Ratio)
	}
	lcm, modulus := big.NewInt(1), big.NewInt(1)
	for _, f := range p.Factors {
		lcm.Mul(lcm, new(big.Int).Quo(f.Period, new(big.Int).GCD(nil, nil, lcm, f.Period)))
		modulus.Mul(modulus, new(big.Int).Exp(f.Prime, big.NewInt(int64(f.Exponent)), nil))
		if !f.Prime.ProbablyPrime(10) {
			t.Errorf("%v is not prime", f.Prime)
		}
	}
	if lcm.Cmp(p.Period) != 0 || modulus.Cmp(p.Modulus) != 0 {
		t.Errorf("modulo %v the factors %v have the period %v", p.Modulus, p.Factors, lcm)
	}
	factors, err := (&factorizer{t.Context(), 1 << 22}).factor(p.Period, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range factors {
		if isPeriod(new(big.Int).Quo(p.Period, f.p)) {
			t.Errorf("modulo %v a divisor of %v is a period", p.Modulus, p.Period)
		}
		if q, r := new(big.Int).QuoRem(p.Rank, f.p, new(big.Int)); r.Sign() == 0 && isZero(q) {
			t.Errorf("modulo %v a divisor of the rank %v has a zero", p.Modulus, p.Rank)
		}
	}
}

func TestPisanoPeriod_IsTheLeast(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(18, 3))
	for range 100 {
		checkPeriod(t, period(t, new(big.Int).SetUint64(r.Uint64()>>r.IntN(64)|1)))
	}
	for _, m := range []string{
		"18446744073709551615", "18446744073709551557", // 2^64 − 1, and the largest prime below
		"18446744030759878681", // 4294967291 · 4294967291
		"18446743979220271189", // 4294967279 · 4294967291
		"1000000000000000000000000000000", "999999999999999999999999999999",
	} {
		checkPeriod(t, period(t, bigOf(t, json.Number(m))))
	}
}

func TestPisanoPeriod_NamesTheFactorThatIsLeft(t *testing.T) {
	t.Parallel()
	m := product(big.NewInt(999_999_999_999_989), big.NewInt(999_999_999_999_947)) // primes
	_, err := PisanoPeriod(t.Context(), m)
	if core.KindOf(err) != core.KindTooLarge || !strings.Contains(err.Error(), m.String()) {
		t.Errorf("%v", err)
	}
	if _, err := PisanoPeriod(t.Context(), sum(powerOf10(30), big.NewInt(1))); core.KindOf(err) != core.KindTooLarge {
		t.Errorf("beyond 10^30: %v", err)
	}
	if _, err := PisanoPeriod(t.Context(), new(big.Int)); core.KindOf(err) != core.KindInvalid {
		t.Errorf("modulo 0: %v", err)
	}
	enough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(enough)
	if _, err := PisanoPeriod(ctx, m); !errors.Is(err, enough) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestFactor_AgreesWithProducts(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(18, 4))
	primes := []int64{2, 3, 5, 997, 1009, 65_537, 1_000_003, 2_147_483_647}
	for range 300 {
		n, counts := big.NewInt(1), make(map[int64]int)
		for n.BitLen() < 60 {
			p := primes[r.IntN(len(primes))]
			counts[p]++
			n.Mul(n, big.NewInt(p))
		}
		factors, err := (&factorizer{t.Context(), factorSteps}).factor(n, "")
		if err != nil {
			t.Fatal(err)
		}
		if len(factors) != len(counts) {
			t.Errorf("%v has the factors %v, want %v", n, factors, counts)
		}
		for _, f := range factors {
			if counts[f.p.Int64()] != f.e {
				t.Errorf("%v has %d times the factor %v, want %v", n, f.e, f.p, counts)
			}
		}
	}
}

// FuzzPisanoPeriod tries that a period is one, and the least.
func FuzzPisanoPeriod(f *testing.F) {
	f.Add(uint64(1), uint64(0))
	f.Add(uint64(1<<63), uint64(10))
	f.Fuzz(func(t *testing.T, low, high uint64) {
		m := new(big.Int).SetUint64(high % (1 << 32))
		m.Add(m.Lsh(m, 64), new(big.Int).SetUint64(low))
		p, err := PisanoPeriod(t.Context(), m)
		switch core.KindOf(err) {
		case core.KindNone:
			checkPeriod(t, p)
		case core.KindInvalid:
			if m.Sign() > 0 {
				t.Error(err)
			}
		case core.KindTooLarge:
			if m.IsUint64() {
				t.Error(err)
			}
		default:
			t.Error(err)
		}
	})
}
