//go:build amd64 && !purego

package vector

import (
	"math"
	"math/big"
	"testing"

	"github.com/pisano-dev/pisano/core/internal/ntt"
	"github.com/pisano-dev/pisano/core/internal/ntttest"
	"github.com/pisano-dev/pisano/core/internal/words"
)

// primeProduct is P, and coefficientBound the bound of coefficients, P·(1 − 2^−40).
var (
	primeProduct = func() *big.Int {
		p := big.NewInt(1)
		for k := range primes {
			p.Mul(p, new(big.Int).SetUint64(primes[k].P))
		}
		return p
	}()
	coefficientBound = new(big.Int).Sub(primeProduct, new(big.Int).Rsh(primeProduct, 40))
)

// coefficient returns a number below coefficientBound: one at the ends of the range
// or around powers of the base and their multiples, or any.
func (s *source) coefficient(mode byte, base *big.Int) *big.Int {
	x := new(big.Int)
	square := new(big.Int).Mul(base, base)
	switch mode % 10 {
	case 0:
		return x
	case 1:
		return x.Sub(coefficientBound, big.NewInt(1+s.Int64N(3)))
	case 2:
		x.Sub(base, big.NewInt(s.Int64N(3)))
	case 3:
		x.Sub(square, big.NewInt(s.Int64N(3)))
	case 4:
		x.Mul(base, new(big.Int).SetUint64(s.Uint64()>>s.IntN(64)))
		x.Add(x, big.NewInt(s.Int64N(3)))
	case 5:
		x.Mul(square, big.NewInt(s.Int64N(1<<s.IntN(19)+1)))
		x.Sub(x, big.NewInt(s.Int64N(3)-1))
	case 6:
		x.SetInt64(s.Int64N(3))
	default:
		for range 3 {
			x.Lsh(x, 64).Add(x, new(big.Int).SetUint64(s.Uint64()))
		}
		x.Rsh(x, uint(s.IntN(192)))
	}
	if x.Sign() < 0 {
		x.SetInt64(0)
	}
	return x.Mod(x, coefficientBound)
}

// FuzzRecombination recombines the residues of known coefficients.
func FuzzRecombination(f *testing.F) {
	seeds(f)
	f.Add([]byte{2, 2, 2, 0})
	f.Add([]byte{3, 6})
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, set := range sets {
			testRecombination(t, set, data)
		}
	})
}

func testRecombination(t *testing.T, set *Instructions, data []byte) {
	t.Helper()
	s := newSource(data)
	for digits := minDigits; digits <= maxDigits; digits++ {
		order := s.IntN(maxOrder + 1)
		r := set.recombiner(order, digits)
		const n, plane = 64, 72
		base := new(big.Int).SetUint64(r.radix())
		sum := new(big.Int)
		input := make([]uint64, primeCount*plane)
		for i := n - 1; i >= 0; i-- {
			mode := byte(s.IntN(256))
			if len(data) > 0 {
				mode = data[i%len(data)]
			}
			x := s.coefficient(mode, base)
			sum.Mul(sum, base).Add(sum, x)
			for k := range primes {
				m := &primes[k]
				rest := new(big.Int).Mod(x, new(big.Int).SetUint64(m.P)).Uint64()
				// As after the transforms: times their length.
				rest = m.Mul(rest, m.Pow(2, uint64(order)))
				if set.doubles {
					input[k*plane+i] = math.Float64bits(float64(rest) - float64(m.P)*float64(s.IntN(4)-1))
					continue
				}
				rest = m.Mul(rest, m.Inverse(m.Pow(2, wordBits))) // the forms divide by that
				input[k*plane+i] = rest + s.Uint64N(3)*m.P | s.Uint64()<<wordBits
			}
		}
		got := make([]uint64, n)
		carried := r.recombine(got, input, plane)
		for i, d := range got {
			if d >= r.radix() {
				t.Fatalf("%d digits: point %d is %d", digits, i, d)
			}
		}
		if carried[0] >= 2*r.radix() && digits < maxDigits || carried[1] >= r.radix() {
			t.Fatalf("%d digits: %d are carried out", digits, carried)
		}
		top := new(big.Int).Mul(new(big.Int).SetUint64(carried[1]), base)
		top.Add(top, new(big.Int).SetUint64(carried[0]))
		power := new(big.Int).Exp(base, big.NewInt(n), nil)
		have := top.Mul(top, power).Add(top, ntttest.Big(got, r.radix()))
		surplus := new(big.Int).SetUint64(r.surplus())
		sum.Add(sum, power.Sub(power, big.NewInt(1)).Mul(power, surplus))
		if have.Cmp(sum) != 0 {
			t.Fatalf("%s, %d digits, order %d: the digits are those of another number", set.Name(), digits, order)
		}
	}
}

func FuzzText(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		s := newSource(data)
		w := s.points(1 + s.IntN(100))
		for i := range w {
			switch s.IntN(4) {
			case 0:
				w[i] = words.PowersOf10[s.IntN(20)] - 1
			case 1:
				w[i] = words.PowersOf10[s.IntN(19)] * (1 + s.Uint64N(9))
			}
		}
		got, want := make([]byte, 19*len(w)), make([]byte, 19*len(w))
		words.Text(want, w)
		for _, set := range sets {
			set.Text(got, w)
			if string(got) != string(want) {
				t.Fatalf("%s: %d words are written\n%s, want\n%s", set.Name(), len(w), got, want)
			}
		}
	})
}

func TestText_FormatsEveryGroupOfDigits(t *testing.T) {
	t.Parallel()
	const piece = 1000
	w, got, want := make([]uint64, piece), make([]byte, 19*piece), make([]byte, 19*piece)
	for low := uint64(0); low < 1e8; low += 97 * piece {
		for i := range w {
			x := (low + 97*uint64(i)) % 1e8
			w[i] = x + (1e8-1-x)*1e8 + x%1000*1e16
		}
		words.Text(want, w)
		for _, set := range sets {
			set.Text(got, w)
			if string(got) != string(want) {
				t.Fatalf("%s: words from %d on are written otherwise than one by one", set.Name(), w[0])
			}
		}
	}
}

func FuzzConversion(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		s := newSource(data)
		points := s.points(1 + s.IntN(3*convertPiece))
		for i := range points {
			points[i] = min(points[i], words.PowersOf10[18]-1)
		}
		got := make([]uint64, max(1, (len(points)*18-s.IntN(18))/19))
		want := make([]uint64, len(got))
		ntt.Convert(want, 19, points, 18, 0)
		for _, set := range sets {
			m := set.NewMultiplier()
			m.Begin(18, 0, nil)
			defer m.End()
			if !m.Convert(got, 19, points, 18) {
				t.Fatal("stopped")
			}
			same(t, "Convert", got, want)
		}
	})
}
