package fibonacci

import (
	"math/big"
	"testing"
)

func TestPrimality_AgreesWithTheNumbers(t *testing.T) {
	t.Parallel()
	for n := int64(-600); n <= 600; n++ {
		numbers := []*big.Int{bigFibonacci(n), bigLucas(n)}
		for i, term := range bothAt(t, big.NewInt(n)) {
			want := Composite
			switch x := numbers[i].Abs(numbers[i]); {
			case x.Cmp(big.NewInt(1)) <= 0:
				want = NeitherNorPrime
			case x.ProbablyPrime(0):
				want = Prime
			}
			got := term.Primality()
			if got.Verdict != want || got.Reason == "" {
				t.Errorf("%v is %v, want %v: %s", term, got.Verdict, want, got.Reason)
			}
			checkDivisor(t, term, got)
		}
	}
}

func TestPrimality_MatchesGoldenVerdicts(t *testing.T) {
	t.Parallel()
	for _, golden := range goldenExplorers(t) {
		for _, row := range golden.Primality {
			for i, verdict := range []*int{row.Fibonacci, row.Lucas} {
				want := NeitherNorPrime
				if verdict != nil {
					want = []Verdict{Composite, Prime}[*verdict]
				}
				term := bothAt(t, bigOf(t, row.N))[i]
				if got := term.Primality(); got.Verdict != want {
					t.Errorf("%v is %v, want %v: %s", term, got.Verdict, want, got.Reason)
				}
			}
		}
	}
}

// checkDivisor reports a divisor of a Primality that is none, or is not proper.
func checkDivisor(t *testing.T, term Term, p Primality) {
	t.Helper()
	if p.Factor != nil && modulo(t, term, p.Factor).Sign() != 0 {
		t.Errorf("%v does not divide %v", p.Factor, term)
	}
	if p.Divisor == nil || p.Divisor.BitLen() > 12 {
		return
	}
	d, err := newTerm(p.Divisor, term.lucas)
	if err != nil {
		t.Fatal(err)
	}
	if x := d.exact(); x.Cmp(big.NewInt(1)) <= 0 || p.Divisor.CmpAbs(term.index()) >= 0 || modulo(t, term, x).Sign() != 0 {
		t.Errorf("%v does not divide %v properly", d, term)
	}
}

func TestPrimality_IsDecidedByDivisorsOfLargeIndices(t *testing.T) {
	t.Parallel()
	power := func(k uint) *big.Int { return new(big.Int).Lsh(big.NewInt(1), k) }
	mersenne := func(k uint) *big.Int { return sum(power(k), big.NewInt(-1)) }
	for _, row := range []struct {
		name            string
		n               *big.Int
		fibonacci, luca Verdict
	}{
		{"10^1000", largest(), Composite, Composite},
		{"2^3000", power(3000), Composite, VerdictUnknown},
		{"a product of two primes", product(mersenne(521), mersenne(607)), Composite, Composite},
		{"a Mersenne prime", mersenne(521), VerdictUnknown, VerdictUnknown},
		{"the last of the list", big.NewInt(3_340_367), ProbablePrime, VerdictUnknown},
		{"the largest proven one", big.NewInt(148_091), Prime, ProbablePrime},
		{"a prime before it", big.NewInt(148_079), Composite, Composite},
		{"2^53 − 1", mersenne(53), Composite, Composite},
	} {
		for i, want := range []Verdict{row.fibonacci, row.luca} {
			term := bothAt(t, row.n)[i]
			got := term.Primality()
			if got.Verdict != want {
				t.Errorf("%s: %v is %v, want %v: %s", row.name, term, got.Verdict, want, got.Reason)
			}
			checkDivisor(t, term, got)
		}
	}
	// 2n − 1 divides F(n) for some primes n.
	composites := 0
	for n := int64(3_340_369); n < 3_342_000; n += 2 {
		if big.NewInt(n).ProbablyPrime(0) {
			p := at(t, big.NewInt(n)).Primality()
			checkDivisor(t, at(t, big.NewInt(n)), p)
			if p.Verdict == Composite {
				composites++
			}
		}
	}
	if composites == 0 {
		t.Error("no factor of any term with a prime index was found")
	}
}
