package fibonacci

import (
	"context"
	"math/big"
	"slices"
	"sync"

	"github.com/pisano-dev/pisano/core"
)

// SmallPrimeFactors returns the primes below 1,000 that divide t, in ascending
// order: all of them for F(0) = 0.
//
// A prime p divides F(n) if its rank of apparition α(p) divides n. As L(n+α(p)) ≡
// L(n) F(α(p)+1) modulo p, and p does not divide the last factor, it divides L(n) if
// it divides the Lucas number of n modulo α(p).
func (t Term) SmallPrimeFactors() []uint64 {
	var factors []uint64
	n, r, modulus := new(big.Int).Abs(t.index()), new(big.Int), new(big.Int)
	for i, rank := range smallRanks() {
		p := smallPrimes()[i]
		index := r.Mod(n, modulus.SetUint64(rank)).Uint64()
		f := mod(index, p)
		if t.lucas {
			f = (2*mod(index+1, p) + p - f) % p
		}
		if f == 0 {
			factors = append(factors, p)
		}
	}
	return factors
}

// smallRanks returns the ranks of apparition of smallPrimes, not to be changed.
var smallRanks = sync.OnceValue(func() []uint64 {
	var ranks []uint64
	for _, p := range smallPrimes() {
		rank := uint64(1)
		for a, b := uint64(1), uint64(1); a != 0; rank++ {
			a, b = b, (a+b)%p
		}
		ranks = append(ranks, rank)
	}
	return ranks
})

// Divisors returns the indices d > 0 in ascending order for which the index n tells
// that the term of index d divides t. F(d) divides F(n) if d divides n, and L(d)
// divides L(n) if d divides n and n/d is odd: É. Lucas, "Théorie des fonctions
// numériques simplement périodiques" (1878). F(0) = 0, which everything divides, and
// L(0) have none.
//
// The error is of core.KindTooLarge if |n| > core.MaxIndex.
func (t Term) Divisors() ([]core.Index, error) {
	n := new(big.Int).Abs(t.index())
	if n.Cmp(big.NewInt(int64(core.MaxIndex))) > 0 {
		return nil, tooLarge("index", "The divisors of an index are listed below 2^53.")
	}
	if n.Sign() == 0 {
		return nil, nil
	}
	odd, twos := new(big.Int).Set(n), uint(0)
	if t.lucas { // d has all the twos of n
		twos = n.TrailingZeroBits()
		odd.Rsh(odd, twos)
	}
	powers, err := (&factorizer{ctx: context.Background()}).factor(odd, "")
	if err != nil {
		return nil, err
	}
	var indices []core.Index
	for _, d := range divisorsOf(powers) {
		indices = append(indices, core.Index(d<<twos))
	}
	return indices, nil
}

// divisorsOf returns the divisors of the product of the powers in ascending order.
func divisorsOf(powers []primePower) []int64 {
	divisors := []int64{1}
	for _, power := range powers {
		p, count := power.p.Int64(), len(divisors)
		for i := range count * power.e {
			divisors = append(divisors, divisors[i]*p)
		}
	}
	slices.Sort(divisors)
	return divisors
}

// GCD returns the greatest common divisor of F(a) and F(b), which is F(gcd(a, b)):
// É. Lucas (1878), see Divisors. The error is of core.KindTooLarge if a or b is
// larger than 10^1000 in size.
func GCD(a, b *big.Int) (Term, error) {
	for _, n := range []*big.Int{a, b} {
		if err := checkSize("index", "The index", n); err != nil {
			return Term{}, err
		}
	}
	return Term{n: new(big.Int).GCD(nil, nil, new(big.Int).Abs(a), new(big.Int).Abs(b))}, nil
}
