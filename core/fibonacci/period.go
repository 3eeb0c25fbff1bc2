package fibonacci

import (
	"context"
	"fmt"
	"iter"
	"math/big"

	"github.com/pisano-dev/pisano/core/internal/modular"
)

// Period is what PisanoPeriod knows of the Fibonacci sequence modulo m.
type Period struct {
	Modulus *big.Int
	Period  *big.Int // the Pisano period π(m): the least n > 0 with F(n) ≡ 0 and F(n+1) ≡ 1
	Rank    *big.Int // the rank of apparition α(m): the least n > 0 with F(n) ≡ 0
	Ratio   int      // π(m)/α(m), which is 1, 2 or 4: the number of zeros in a period
	Factors []PeriodFactor
}

// PeriodFactor is a power of a prime in the factorization of a modulus, with its own
// period and rank. The period of the modulus is the least common multiple of the
// periods, and its rank that of the ranks.
type PeriodFactor struct {
	Prime    *big.Int
	Exponent int
	Period   *big.Int // of Prime^Exponent
	Rank     *big.Int // of Prime^Exponent
}

// maxModulusDigits bounds the moduli of PisanoPeriod to 10^maxModulusDigits.
const maxModulusDigits = 30

// PisanoPeriod returns the Pisano period of m, with its factorization.
//
// The rank of a prime p divides p − (5/p), or is p for p = 5, where (5/p) is the
// Legendre symbol. It is found by dividing this number by its prime factors, as long
// as the quotient is an index of a multiple of p. The rank of p^e divides
// p^(e−1) α(p), and is found in the same way: that it is equal for all primes is a
// conjecture (no Wall–Sun–Sun prime is known). The rank of m is the least common
// multiple of those of its prime powers. If s = F(α(m)+1) modulo m, then
// F(jα(m)+1) ≡ s^j, and s^4 ≡ 1, so that the order of s is the ratio of period and
// rank. See D. D. Wall, "Fibonacci series modulo m" (1960), and J. Vinson, "The
// relation of the period modulo m to the rank of apparition of m in the Fibonacci
// sequence" (1963).
//
// The error is of core.KindInvalid if m < 1, and of core.KindTooLarge if m > 10^30,
// or if m ≥ 2^64 and it takes too long to factor m or the numbers p − (5/p). Then
// the message names the factor that is left. If ctx ends, the error is its cause.
func PisanoPeriod(ctx context.Context, m *big.Int) (Period, error) {
	if m.Sign() <= 0 {
		return Period{}, invalid("modulus", "The modulus must be at least 1.")
	}
	if m.Cmp(powerOf10(maxModulusDigits)) > 0 {
		return Period{}, tooLarge("modulus", fmt.Sprintf("The modulus must be at most 10^%d.", maxModulusDigits))
	}
	f := &factorizer{ctx, factorSteps}
	powers, err := f.factor(m, fmt.Sprintf("The period modulo %d can't be found", m))
	if err != nil {
		return Period{}, err
	}
	p := Period{Modulus: new(big.Int).Set(m), Rank: big.NewInt(1)}
	for _, power := range powers {
		rank, err := f.rank(power)
		if err != nil {
			return Period{}, err
		}
		modulus := new(big.Int).Exp(power.p, big.NewInt(int64(power.e)), nil)
		period := new(big.Int).Mul(rank, big.NewInt(int64(ratio(rank, modulus))))
		p.Factors = append(p.Factors, PeriodFactor{power.p, power.e, period, rank})
		common := new(big.Int).GCD(nil, nil, p.Rank, rank)
		p.Rank.Mul(p.Rank, common.Quo(rank, common))
	}
	p.Ratio = ratio(p.Rank, m)
	p.Period = new(big.Int).Mul(p.Rank, big.NewInt(int64(p.Ratio)))
	return p, nil
}

// rank returns the rank of apparition of a power of a prime.
func (f *factorizer) rank(power primePower) (*big.Int, error) {
	p, five := power.p, big.NewInt(5)
	multiple := new(big.Int).Set(p)
	if p.Cmp(five) != 0 {
		multiple.Sub(p, big.NewInt(int64(big.Jacobi(five, oddOr(p)))))
	}
	factors, err := f.factor(multiple, fmt.Sprintf("The period modulo %d can't be found without the factors of %d", p, multiple))
	if err != nil {
		return nil, err
	}
	rank := multiple
	for _, factor := range factors {
		divideRank(rank, factor, p)
	}
	modulus := new(big.Int).Set(p)
	for range power.e - 1 {
		modulus.Mul(modulus, p)
		rank.Mul(rank, p)
	}
	divideRank(rank, primePower{p, power.e - 1}, modulus)
	return rank, nil
}

// oddOr returns p, or for 2, which has no Jacobi symbol, 3: the rank of 2 divides 2 +
// 1 = 3, as (5/3) = −1 says.
func oddOr(p *big.Int) *big.Int {
	if p.Bit(0) == 0 {
		return big.NewInt(3)
	}
	return p
}

// divideRank divides n by the prime of the power, up to e times, while m divides the
// Fibonacci number of the quotient.
func divideRank(n *big.Int, power primePower, m *big.Int) {
	quotient, remainder := new(big.Int), new(big.Int)
	for range power.e {
		if quotient.QuoRem(n, power.p, remainder); remainder.Sign() != 0 {
			return
		}
		if a, _ := pairModulo(quotient, m); a.Sign() != 0 {
			return
		}
		n.Set(quotient)
	}
}

// ratio returns the order of F(rank+1) modulo m, which is 1, 2 or 4.
func ratio(rank, m *big.Int) int {
	_, s := pairModulo(rank, m)
	one := new(big.Int).Mod(big.NewInt(1), m)
	switch {
	case s.Cmp(one) == 0:
		return 1
	case new(big.Int).Exp(s, big.NewInt(2), m).Cmp(one) == 0:
		return 2
	}
	return 4
}

// Cycle yields F(0), F(1), F(2), … modulo m, for one Pisano period. It panics if m
// is 0.
func Cycle(m uint64) iter.Seq[uint64] {
	one := 1 % m
	return func(yield func(uint64) bool) {
		for a, b := uint64(0), one; yield(a); {
			a, b = b, modular.Add(a, b, m)
			if a == 0 && b == one {
				return
			}
		}
	}
}

// String returns the factor as "p^e", or "p" if e is 1.
func (f PeriodFactor) String() string {
	if f.Exponent == 1 {
		return f.Prime.String()
	}
	return fmt.Sprintf("%d^%d", f.Prime, f.Exponent)
}
