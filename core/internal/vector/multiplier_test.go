//go:build amd64 && !purego

package vector

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/pisano-dev/pisano/core/internal/ntt"
	"github.com/pisano-dev/pisano/core/internal/words"
)

func toBig(points []uint64, radix uint64) *big.Int {
	if len(points) == 1 {
		return new(big.Int).SetUint64(points[0])
	}
	half := len(points) / 2
	high := toBig(points[half:], radix)
	high.Mul(high, new(big.Int).Exp(new(big.Int).SetUint64(radix), big.NewInt(int64(half)), nil))
	return high.Add(high, toBig(points[:half], radix))
}

func TestMultiplier_FormsAgreeWithMathBig(t *testing.T) {
	t.Parallel()
	for _, set := range sets {
		t.Run(set.Name(), func(t *testing.T) {
			t.Parallel()
			testForms(t, set)
		})
	}
}

func testForms(t *testing.T, set *Instructions) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 2, 10, 31, 32, 33, 60, 100, 255, 256, 257, 300, 520, 600, 1000, 2500, 5000} {
		for digits := minDigits; digits <= maxDigits; digits++ {
			for _, extreme := range []bool{false, true} {
				m := set.NewMultiplier()
				m.Begin(digits, nil)
				defer m.End()
				radix := words.PowersOf10[digits]
				x, y := make([]uint64, n), make([]uint64, n)
				for i := range x {
					x[i], y[i] = r.Uint64N(radix), r.Uint64N(radix)
					if extreme {
						x[i], y[i] = radix-1, radix-1
					}
				}
				a, b := toBig(x, radix), toBig(y, radix)
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
				for form, want := range map[ntt.Form][]*big.Int{
					ntt.Product:    {mul(1, a, b)},
					ntt.Square:     {mul(1, a, a)},
					ntt.DoubleDown: {sum(mul(1, a, a), mul(1, b, b)), sum(mul(2, a, b), mul(1, b, b))},
					ntt.DoubleUp:   {sum(mul(2, a, b), mul(1, b, b)), sum(mul(1, a, a), mul(2, a, b), mul(2, b, b))},
					ntt.DoubleEven: {sum(mul(2, a, b), mul(1, b, b))},
					ntt.DoubleOdd:  {sum(mul(1, a, a), mul(2, a, b), mul(2, b, b))},
				} {
					got := [2][]uint64{make([]uint64, 2*n+1), make([]uint64, 2*n+1)}
					if !m.Multiply(form, got[0], got[1], x, y) {
						t.Fatal("stopped")
					}
					for i, w := range want {
						if toBig(got[i], radix).Cmp(w) != 0 {
							t.Errorf("form %d of %d points of %d digits, extreme %t: result %d is wrong", form, n, digits, extreme, i)
						}
					}
				}
			}
		}
	}
}
