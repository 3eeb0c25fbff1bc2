package decimal

import (
	"math/big"
	"testing"
)

// sizes are lengths in words around those where the method of multiplication
// changes.
var sizes = []int{0, 1, 2, 3, 17, 100, 255, 256, 257, 258, 600, 5000}

func TestNatural_AddAndSubAgreeWithMathBig(t *testing.T) {
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

func TestNatural_AddCarriesThroughAllWords(t *testing.T) {
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

func TestNatural_SubPanicsBelowZero(t *testing.T) {
	t.Parallel()
	if !panics(func() { FromUint64(1).Sub(FromUint64(2)) }) {
		t.Error("1 − 2 does not panic")
	}
}

func TestNatural_MulAndSquareAgreeWithMathBig(t *testing.T) {
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

func TestNatural_OperationsDoNotChangeOperands(t *testing.T) {
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

func TestNatural_ModAgreesWithMathBig(t *testing.T) {
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
	// The largest words, and moduli at the end of the range.
	for _, n := range []int{7, 8, 9, 1000} {
		x := FromUint64(Base).Exp(uint64(n)).Sub(FromUint64(1))
		for m := uint64(1<<61 - 1); m > 1<<61-100; m-- {
			if got, want := NewModulus(m).Of(x), new(big.Int).Mod(x.Big(), new(big.Int).SetUint64(m)); got != want.Uint64() {
				t.Errorf("10^%d−1 mod %d = %d, want %v", n*WordDigits, m, got, want)
			}
		}
	}
	if !panics(func() { FromUint64(1).Mod(0) }) || !panics(func() { Natural{}.Mod(0) }) {
		t.Error("modulo 0 does not panic")
	}
	for _, m := range []uint64{0, 1 << 61, 1<<64 - 1} {
		if !panics(func() { NewModulus(m) }) {
			t.Errorf("NewModulus(%d) does not panic", m)
		}
	}
}

// pattern returns a number of up to 12,000 digits, enough for every method of
// multiplication, that repeats the given digits.
func pattern(t *testing.T, digits []byte, length uint16) Natural {
	if len(digits) == 0 {
		return Natural{}
	}
	text := make([]byte, 1+int(length)%12_000)
	for i := range text {
		text[i] = '0' + digits[i%len(digits)]%10
	}
	n, err := Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func FuzzNatural_Mul(f *testing.F) {
	f.Add([]byte{0}, uint16(0), []byte{0}, uint16(0))
	f.Add([]byte{9}, uint16(18), []byte{1, 0, 0, 0, 0, 0, 0, 0, 0, 0}, uint16(19))
	f.Add([]byte{9}, uint16(11_999), []byte{9, 9, 0}, uint16(11_999))
	f.Add([]byte{3, 1, 4, 1, 5, 9, 2, 6}, uint16(4863), []byte{2, 7, 1, 8, 2, 8}, uint16(4864))
	f.Fuzz(func(t *testing.T, a []byte, lengthA uint16, b []byte, lengthB uint16) {
		x, y := pattern(t, a, lengthA), pattern(t, b, lengthB)
		if x.Mul(y).Big().Cmp(new(big.Int).Mul(x.Big(), y.Big())) != 0 {
			t.Errorf("%s · %s is wrong", x, y)
		}
		if x.Square().Big().Cmp(new(big.Int).Mul(x.Big(), x.Big())) != 0 {
			t.Errorf("%s² is wrong", x)
		}
	})
}
