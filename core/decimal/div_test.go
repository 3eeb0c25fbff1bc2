package decimal

import (
	"math/big"
	"slices"
	"strconv"
	"testing"
)

// wantQuoRem asserts that a division agrees with math/big.
func wantQuoRem(t *testing.T, x, y Natural) {
	t.Helper()
	quotient, remainder := x.QuoRem(y)
	q, r := new(big.Int).QuoRem(x.Big(), y.Big(), new(big.Int))
	if quotient.Big().Cmp(q) != 0 || remainder.Big().Cmp(r) != 0 {
		t.Fatalf("a number of %d words divided by one of %d is wrong: %.50v… / %.50v…", len(x.words), len(y.words), x.String(), y.String())
	}
}

// divisionSizes are lengths in words around those where the method of division
// changes.
var divisionSizes = []int{1, 2, 3, 17, shortDivision - 1, shortDivision, shortDivision + 1, 2*shortDivision + 1, 5*shortDivision + 3, 700}

func TestNatural_QuoRemAgreesWithMathBig(t *testing.T) {
	t.Parallel()
	for _, n := range append(slices.Clone(divisionSizes), 0, 3000) {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			t.Parallel()
			r := seeded(uint64(100 + n))
			for _, m := range divisionSizes {
				wantQuoRem(t, random(r, n), random(r, m))
			}
		})
	}
}

// Multiples of the divisor, one more and one less, have quotient words at the ends of
// their range. So have divisors of nines, and of a one with zeros.
func TestNatural_QuoRemIsExactAroundMultiples(t *testing.T) {
	t.Parallel()
	r := seeded(12)
	one := FromUint64(1)
	for _, n := range divisionSizes {
		nines := FromUint64(10).Exp(uint64(n * WordDigits)).Sub(one)
		for _, y := range []Natural{random(r, n), nines, nines.Add(one), nines.Add(FromUint64(2)), natural(append(make([]uint64, n), Base/2))} {
			for _, m := range []int{1, 2, 50, 100, 300} {
				product := y.Mul(random(r, m))
				for _, x := range []Natural{product, product.Add(one), product.Sub(one), y.Square().Sub(one)} {
					wantQuoRem(t, x, y)
				}
			}
		}
	}
}

func TestNatural_QuoRemUint64AgreesWithMathBig(t *testing.T) {
	t.Parallel()
	r := seeded(13)
	for _, n := range sizes {
		x := random(r, n)
		for _, m := range []uint64{1, 2, 10, 1<<32 - 1, Base - 1, Base, Base + 1, 1<<64 - 1} {
			quotient, remainder := x.QuoRemUint64(m)
			q, rest := new(big.Int).QuoRem(x.Big(), new(big.Int).SetUint64(m), new(big.Int))
			if quotient.Big().Cmp(q) != 0 || remainder != rest.Uint64() {
				t.Errorf("%d words divided by %d are wrong", n, m)
			}
		}
	}
}

func TestNatural_QuoRemPanicsForZero(t *testing.T) {
	t.Parallel()
	for _, x := range []Natural{{}, FromUint64(5)} {
		if !panics(func() { x.QuoRem(Natural{}) }) || !panics(func() { x.QuoRemUint64(0) }) {
			t.Errorf("%v divided by 0 does not panic", x)
		}
	}
}

func TestNatural_ExpAgreesWithMathBig(t *testing.T) {
	t.Parallel()
	for _, base := range []uint64{0, 1, 2, 10, 1<<64 - 1} {
		for _, n := range []uint64{0, 1, 2, 3, 19, 64, 1000, 1023} {
			want := new(big.Int).Exp(new(big.Int).SetUint64(base), new(big.Int).SetUint64(n), nil)
			if got := FromUint64(base).Exp(n); got.Big().Cmp(want) != 0 {
				t.Errorf("%d to the power %d is %v", base, n, got)
			}
		}
	}
}

func FuzzNatural_QuoRem(f *testing.F) {
	f.Add([]byte{1}, uint16(0), []byte{3}, uint16(0))
	f.Add([]byte{9}, uint16(11_999), []byte{9, 9, 0}, uint16(5000))
	f.Add([]byte{4, 9, 9}, uint16(3000), []byte{5, 0, 0, 0, 0, 0, 0, 0}, uint16(2900))
	f.Fuzz(func(t *testing.T, a []byte, lengthA uint16, b []byte, lengthB uint16) {
		if y := pattern(t, b, lengthB); !y.IsZero() {
			wantQuoRem(t, pattern(t, a, lengthA), y)
		}
	})
}

func BenchmarkNatural_QuoRem(b *testing.B) {
	for _, n := range []int{10, 40, 80, 160, 1000, 10_000} {
		x, y := random(seeded(1), 2*n), random(seeded(2), n)
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				x.QuoRem(y)
			}
		})
		v, w, r := x.Big(), y.Big(), new(big.Int)
		b.Run("math-big/"+strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				new(big.Int).QuoRem(v, w, r)
			}
		})
	}
}
