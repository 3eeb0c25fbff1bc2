package decimal

import (
	"math/big"
	"testing"
)

// sizes straddles the sizes at which multiplication changes its method.
var sizes = []int{0, 1, 2, 3, 17, 100, 255, 256, 257, 258, 600, 5000}

func TestSumsAndDifferencesAgreeWithMathBig(t *testing.T) {
	t.Parallel()
	r := seeded(3)
	for _, n := range sizes {
		for _, m := range sizes {
			x, y := random(r, n), random(r, m)
			sum := x.Add(y)
			if want := new(big.Int).Add(x.Big(), y.Big()); sum.Big().Cmp(want) != 0 {
				t.Fatalf("%v + %v = %v", x, y, sum)
			}
			if got := sum.Sub(x); !got.Equal(y) {
				t.Fatalf("%v − %v = %v", sum, x, got)
			}
		}
	}
}

func TestCarriesRunThroughEveryWord(t *testing.T) {
	t.Parallel()
	nines := make([]uint64, 100)
	for i := range nines {
		nines[i] = Base - 1
	}
	x, one := FromWords(nines), FromUint64(1)
	sum := x.Add(one)
	if sum.DigitCount() != x.DigitCount()+1 || !sum.Sub(one).Equal(x) {
		t.Errorf("10^1900 − 1 + 1 = %v", sum)
	}
}

func TestSubPanicsBelowZero(t *testing.T) {
	t.Parallel()
	if !panics(func() { FromUint64(1).Sub(FromUint64(2)) }) {
		t.Error("1 − 2 does not panic")
	}
}

func TestProductsAgreeWithMathBig(t *testing.T) {
	t.Parallel()
	r := seeded(4)
	for _, n := range sizes {
		for _, m := range sizes {
			x, y := random(r, n), random(r, m)
			if got, want := x.Mul(y).Big(), new(big.Int).Mul(x.Big(), y.Big()); got.Cmp(want) != 0 {
				t.Fatalf("a product of %d and %d words is wrong", n, m)
			}
		}
		x := random(r, n)
		if got, want := x.Square().Big(), new(big.Int).Mul(x.Big(), x.Big()); got.Cmp(want) != 0 {
			t.Fatalf("the square of %d words is wrong", n)
		}
	}
}

func TestArithmeticLeavesItsOperandsAlone(t *testing.T) {
	t.Parallel()
	r := seeded(5)
	x, y := random(r, 300), random(r, 200)
	a, b := x.String(), y.String()
	x.Add(y)
	x.Sub(y)
	x.Mul(y)
	x.Square()
	x.Mod(1_000_003)
	if x.String() != a || y.String() != b {
		t.Error("an operand has changed")
	}
}

func TestModAgreesWithMathBig(t *testing.T) {
	t.Parallel()
	r := seeded(6)
	for _, n := range sizes {
		x := random(r, n)
		for _, m := range []uint64{1, 2, 3, 10, 1<<32 - 1, 1<<61 - 1, Base - 1, Base, Base + 1, 1<<64 - 1} {
			want := new(big.Int).Mod(x.Big(), new(big.Int).SetUint64(m))
			if got := x.Mod(m); got != want.Uint64() {
				t.Errorf("%v mod %d = %d, want %v", x, m, got, want)
			}
		}
	}
	if !panics(func() { FromUint64(1).Mod(0) }) || !panics(func() { Natural{}.Mod(0) }) {
		t.Error("modulo 0 does not panic")
	}
}

func FuzzMul(f *testing.F) {
	f.Add("0", "0")
	f.Add("9999999999999999999", "10000000000000000000")
	f.Add(random(seeded(7), 300).String(), random(seeded(8), 257).String())
	f.Fuzz(func(t *testing.T, a, b string) {
		x, errX := Parse(a)
		y, errY := Parse(b)
		if errX != nil || errY != nil {
			t.Skip()
		}
		if got, want := x.Mul(y).String(), new(big.Int).Mul(x.Big(), y.Big()).String(); got != want {
			t.Errorf("%s · %s = %s, want %s", a, b, got, want)
		}
		if got, want := x.Square().String(), new(big.Int).Mul(x.Big(), x.Big()).String(); got != want {
			t.Errorf("%s² = %s, want %s", a, got, want)
		}
	})
}
