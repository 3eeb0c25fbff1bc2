package fibonacci

import (
	"context"
	"fmt"
	"math/big"
	"math/bits"
	"slices"
	"sync"

	"github.com/pisano-dev/pisano/core/internal/modular"
)

// primePower is a factor p^e.
type primePower struct {
	p *big.Int
	e int
}

// factorizer factors numbers into primes, with a bounded number of steps in all.
type factorizer struct {
	ctx   context.Context
	steps int // left for numbers of more than 64 bits
}

// factorSteps bounds the steps of a factorizer to about half a second. It finds
// factors of up to twelve digits, longer ones with luck.
const factorSteps = 1 << 20

// factor returns the prime factors of n ≥ 1 in ascending order. If the steps do not
// suffice, the error is of core.KindTooLarge and says which factor is left. purpose
// is a clause for its message. If ctx ends, the error is its cause.
//
// Small factors are divided out, and others found by the method of J. M. Pollard, "A
// Monte Carlo method for factorization" (1975), as R. P. Brent improved it. Primes are
// known by ProbablyPrime(0), the test of R. Baillie and S. S. Wagstaff, "Lucas
// pseudoprimes" (1980). No composite below 2^64 passes it, by the list of
// pseudoprimes of J. Feitsma and W. F. Galway (2013), and none above is known.
func (f *factorizer) factor(n *big.Int, purpose string) ([]primePower, error) {
	var factors []primePower
	rest := new(big.Int).Set(n)
	for _, p := range smallPrimes() {
		if rest.IsUint64() && rest.Uint64() < p*p {
			break // prime, or 1
		}
		e, divisor, quotient, remainder := 0, new(big.Int).SetUint64(p), new(big.Int), new(big.Int)
		for quotient.QuoRem(rest, divisor, remainder); remainder.Sign() == 0; quotient.QuoRem(rest, divisor, remainder) {
			rest.Set(quotient)
			e++
		}
		if e > 0 {
			factors = append(factors, primePower{divisor, e})
		}
	}
	for todo := []*big.Int{rest}; len(todo) > 0; {
		m := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if m.Cmp(big.NewInt(1)) == 0 {
			continue
		}
		if m.ProbablyPrime(0) {
			factors = append(factors, primePower{m, 1})
			continue
		}
		d, err := f.divisor(m)
		if err != nil {
			return nil, err
		}
		if d == nil {
			return nil, tooLarge("modulus", fmt.Sprintf("%s: its factor %d is not prime, and too hard to split.", purpose, m))
		}
		todo = append(todo, d, new(big.Int).Quo(m, d))
	}
	return merge(factors), nil
}

// merge sorts factors and adds up the exponents of equal primes.
func merge(factors []primePower) []primePower {
	slices.SortFunc(factors, func(a, b primePower) int { return a.p.Cmp(b.p) })
	merged := factors[:0]
	for _, f := range factors {
		if last := len(merged) - 1; last >= 0 && merged[last].p.Cmp(f.p) == 0 {
			merged[last].e += f.e
		} else {
			merged = append(merged, f)
		}
	}
	return merged
}

// divisor returns a proper divisor of the odd composite m, or nil if the steps do
// not suffice.
func (f *factorizer) divisor(m *big.Int) (*big.Int, error) {
	if root := new(big.Int).Sqrt(m); new(big.Int).Mul(root, root).Cmp(m) == 0 {
		return root, nil
	}
	for c := uint64(1); ; c++ {
		if f.ctx.Err() != nil {
			return nil, context.Cause(f.ctx)
		}
		var d *big.Int
		if m.IsUint64() {
			d = new(big.Int).SetUint64(cycle(m.Uint64(), c))
		} else if d = f.cycle(m, c); d == nil {
			return nil, context.Cause(f.ctx) // nil if the steps are used up
		}
		if d.Cmp(m) != 0 {
			return d, nil
		}
	}
}

// cycleBatch is the number of steps after which a common divisor is looked for.
const cycleBatch = 128

// cycle returns a divisor of m that is not 1, by the cycle of x² + c modulo the
// divisor: R. P. Brent, "An improved Monte Carlo factorization algorithm" (1980).
func cycle(m, c uint64) uint64 {
	next := func(x uint64) uint64 { return modular.Add(modular.Mul(x, x, m), c, m) }
	distance := func(x, y uint64) uint64 { return max(x, y) - min(x, y) }
	y := uint64(2)
	for r := 1; ; r *= 2 {
		x := y
		for range r {
			y = next(y)
		}
		for k := 0; k < r; k += cycleBatch {
			start, product := y, uint64(1)
			for range min(cycleBatch, r-k) {
				y = next(y)
				product = modular.Mul(product, distance(x, y), m)
			}
			if gcd(product, m) == 1 {
				continue
			}
			for y = start; ; { // which step it was
				y = next(y)
				if d := gcd(distance(x, y), m); d > 1 {
					return d
				}
			}
		}
	}
}

func gcd(a, b uint64) uint64 {
	if a == 0 {
		return b
	}
	a >>= bits.TrailingZeros64(a) // b is odd
	for a != b {
		if a < b {
			a, b = b, a
		}
		a -= b
		a >>= bits.TrailingZeros64(a)
	}
	return a
}

// cycle is like the function, for long numbers. It returns nil when the steps are
// used up or ctx ends.
func (f *factorizer) cycle(m *big.Int, c uint64) *big.Int {
	one, increment := big.NewInt(1), new(big.Int).SetUint64(c)
	quotient := new(big.Int)
	square := new(big.Int)
	next := func(x *big.Int) {
		square.Mul(x, x)
		square.Add(square, increment)
		quotient.QuoRem(square, m, x)
	}
	x, y, start := new(big.Int), big.NewInt(2), new(big.Int)
	product, distance, d := new(big.Int), new(big.Int), new(big.Int)
	for r := 1; ; r *= 2 {
		x.Set(y)
		for range r {
			next(y)
		}
		f.steps -= r
		for k := 0; k < r; k += cycleBatch {
			if f.steps -= cycleBatch; f.steps < 0 || f.ctx.Err() != nil {
				return nil
			}
			start.Set(y)
			product.SetInt64(1)
			for range min(cycleBatch, r-k) {
				next(y)
				square.Mul(product, distance.Sub(x, y))
				quotient.QuoRem(square, m, product)
			}
			if d.GCD(nil, nil, product.Abs(product), m).Cmp(one) == 0 {
				continue
			}
			for y.Set(start); ; {
				next(y)
				if d.GCD(nil, nil, distance.Abs(distance.Sub(x, y)), m).Cmp(one) != 0 {
					return d
				}
			}
		}
	}
}

// smallPrimeLimit bounds the primes of smallPrimes.
const smallPrimeLimit = 1000

// smallPrimes returns the primes below smallPrimeLimit, not to be changed.
var smallPrimes = sync.OnceValue(func() []uint64 {
	var primes []uint64
	for n := uint64(2); n < smallPrimeLimit; n++ {
		if !slices.ContainsFunc(primes, func(p uint64) bool { return n%p == 0 }) {
			primes = append(primes, n)
		}
	}
	return primes
})
