// Package ntttest compares multipliers of package ntt, and of packages that
// multiply as it does, with math/big.
package ntttest

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/pisano-dev/pisano/core/internal/ntt"
	"github.com/pisano-dev/pisano/core/internal/words"
)

// Multiplier is what an ntt.Multiplier does.
type Multiplier interface {
	Begin(digits, processors int, step func(work int64) bool)
	Multiply(form ntt.Form, dst, dst1, a, b []uint64) bool
	End()
}

// Big returns the number that has the given points.
func Big(points []uint64, radix uint64) *big.Int {
	switch len(points) {
	case 0:
		return new(big.Int)
	case 1:
		return new(big.Int).SetUint64(points[0])
	}
	half := len(points) / 2
	high := Big(points[half:], radix)
	high.Mul(high, new(big.Int).Exp(new(big.Int).SetUint64(radix), big.NewInt(int64(half)), nil))
	return high.Add(high, Big(points[:half], radix))
}

// TestForms checks every form of operands of n points of the given number of
// digits: of random points, and of the largest there are.
func TestForms(t *testing.T, m Multiplier, digits, n int) {
	t.Helper()
	m.Begin(digits, 0, nil)
	defer m.End()
	r := rand.New(rand.NewPCG(uint64(digits), uint64(n)))
	radix := words.PowersOf10[digits]
	for _, extreme := range []bool{false, true} {
		x, y := make([]uint64, n), make([]uint64, n)
		for i := range x {
			x[i], y[i] = r.Uint64N(radix), r.Uint64N(radix)
			if extreme {
				x[i], y[i] = radix-1, radix-1
			}
		}
		for form, want := range results(Big(x, radix), Big(y, radix)) {
			got := [2][]uint64{make([]uint64, 2*n+1), make([]uint64, 2*n+1)}
			if !m.Multiply(form, got[0], got[1], x, y) {
				t.Fatal("stopped")
			}
			for i, w := range want {
				if Big(got[i], radix).Cmp(w) != 0 {
					t.Errorf("form %d of %d points of %d digits, extreme %t: result %d is wrong", form, n, digits, extreme, i)
				}
			}
		}
	}
}

// results returns the results of each form.
func results(a, b *big.Int) map[ntt.Form][]*big.Int {
	mul := func(c int64, x, y *big.Int) *big.Int {
		z := new(big.Int).Mul(x, y)
		return z.Mul(z, big.NewInt(c))
	}
	sum := func(terms ...*big.Int) *big.Int {
		z := new(big.Int)
		for _, term := range terms {
			z.Add(z, term)
		}
		return z
	}
	return map[ntt.Form][]*big.Int{
		ntt.Product:    {mul(1, a, b)},
		ntt.Square:     {mul(1, a, a)},
		ntt.DoubleDown: {sum(mul(1, a, a), mul(1, b, b)), sum(mul(2, a, b), mul(1, b, b))},
		ntt.DoubleUp:   {sum(mul(2, a, b), mul(1, b, b)), sum(mul(1, a, a), mul(2, a, b), mul(2, b, b))},
		ntt.DoubleEven: {sum(mul(2, a, b), mul(1, b, b))},
		ntt.DoubleOdd:  {sum(mul(1, a, a), mul(2, a, b), mul(2, b, b))},
	}
}
