package words

import (
	"math/big"
	"math/rand/v2"
	"testing"
)

// random returns n words, many of them at the ends of their range.
func random(r *rand.Rand, n int) []uint64 {
	w := make([]uint64, n)
	for i := range w {
		switch r.IntN(4) {
		case 0:
			w[i] = Base - 1
		case 1:
			w[i] = 0
		default:
			w[i] = r.Uint64N(Base)
		}
	}
	return w
}

func value(words []uint64) *big.Int {
	x, base := new(big.Int), new(big.Int).SetUint64(Base)
	for i := len(words) - 1; i >= 0; i-- {
		if words[i] >= Base {
			panic("word out of range")
		}
		x.Add(x.Mul(x, base), new(big.Int).SetUint64(words[i]))
	}
	return x
}

func TestWords_ArithmeticAgreesWithMathBig(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 60 {
		for m := range n + 1 {
			a, b := random(r, n), random(r, m)
			dst := make([]uint64, n+1)
			dst[n] = Add(dst[:n], a, b)
			if sum := new(big.Int).Add(value(a), value(b)); value(dst).Cmp(sum) != 0 {
				t.Fatalf("%v + %v = %v", a, b, dst)
			}
			if borrow := Sub(dst, dst, b); borrow != 0 || value(dst).Cmp(value(a)) != 0 {
				t.Fatalf("%v + %v − %v = %v", a, b, b, dst)
			}
			if borrow := Sub(dst[:n], a, b); borrow == 1 != (value(a).Cmp(value(b)) < 0) {
				t.Fatalf("%v − %v borrows %d", a, b, borrow)
			}
			product := make([]uint64, n+m)
			Mul(product, a, b)
			if value(product).Cmp(new(big.Int).Mul(value(a), value(b))) != 0 {
				t.Fatalf("%v · %v = %v", a, b, product)
			}
		}
	}
}

func TestWords_LongestProductsDoNotOverflow(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	nines := make([]uint64, MaxShort)
	for i := range nines {
		nines[i] = Base - 1
	}
	for _, a := range [][]uint64{nines, random(r, MaxShort)} {
		want := new(big.Int).Mul(value(a), value(a))
		dst := make([]uint64, 2*MaxShort)
		if Mul(dst, a, a); value(dst).Cmp(want) != 0 {
			t.Errorf("%v · itself = %v", a, dst)
		}
		if Square(dst, a); value(dst).Cmp(want) != 0 {
			t.Errorf("%v² = %v", a, dst)
		}
	}
	for n := range 40 {
		a := random(r, n)
		dst := make([]uint64, 2*n)
		if Square(dst, a); value(dst).Cmp(new(big.Int).Mul(value(a), value(a))) != 0 {
			t.Errorf("%v² = %v", a, dst)
		}
	}
}
