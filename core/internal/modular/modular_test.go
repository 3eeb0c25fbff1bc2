package modular_test

import (
	"math/big"
	"math/bits"
	"math/rand/v2"
	"testing"

	"github.com/pisano-dev/pisano/core/internal/modular"
)

// moduli include the ends of the range of a word and of the ranges that Redc
// and Factor take.
var moduli = []uint64{1, 2, 3, 10, 97, 1<<32 - 5, 1<<61 - 1, 1<<63 - 25, 1 << 63, 1<<64 - 59, 1<<64 - 1}

// residues returns residues modulo m, those at the ends of the range first.
func residues(r *rand.Rand, m uint64) []uint64 {
	x := []uint64{0, 1 % m, m / 2, m - 1}
	for range 20 {
		x = append(x, r.Uint64N(m))
	}
	return x
}

func word(x uint64) *big.Int { return new(big.Int).SetUint64(x) }

func TestResidues_AgreeWithMathBig(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 13))
	for _, m := range moduli {
		for _, a := range residues(r, m) {
			for _, b := range residues(r, m) {
				for name, c := range map[string]struct {
					got  uint64
					want *big.Int
				}{
					"Add": {modular.Add(a, b, m), new(big.Int).Add(word(a), word(b))},
					"Sub": {modular.Sub(a, b, m), new(big.Int).Sub(word(a), word(b))},
					"Mul": {modular.Mul(a, b, m), new(big.Int).Mul(word(a), word(b))},
					"Pow": {modular.Pow(a, b, m), new(big.Int).Exp(word(a), word(b), word(m))},
				} {
					if c.want.Mod(c.want, word(m)).Uint64() != c.got {
						t.Fatalf("%s(%d, %d, %d) = %d, want %v", name, a, b, m, c.got, c.want)
					}
				}
			}
		}
	}
}

func TestRedc_DividesByTwoToThe64(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2, 13))
	for _, m := range moduli {
		if m%2 == 0 || m >= 1<<63 {
			continue
		}
		negInverse := modular.NegInverse(m)
		if m*negInverse != ^uint64(0) {
			t.Errorf("NegInverse(%d) = %d", m, negInverse)
		}
		for _, hi := range residues(r, m) {
			for _, lo := range []uint64{0, 1, ^uint64(0), r.Uint64()} {
				got := modular.Redc(hi, lo, m, negInverse)
				product := new(big.Int).Lsh(word(got), 64)
				product.Sub(product, new(big.Int).Lsh(word(hi), 64)).Sub(product, word(lo))
				if got >= m || product.Mod(product, word(m)).Sign() != 0 {
					t.Fatalf("Redc(%d, %d) modulo %d = %d", hi, lo, m, got)
				}
			}
		}
	}
}

func TestFactor_TimesIsLazy(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 13))
	for _, m := range moduli {
		if m > 1<<63 {
			continue
		}
		for _, w := range residues(r, m) {
			f := modular.NewFactor(w, m)
			for _, x := range []uint64{0, 1, ^uint64(0), r.Uint64(), r.Uint64()} {
				if got, want := f.Times(x, m), modular.Mul(x, w, m); got%m != want || got/2 >= m {
					t.Fatalf("%d·%d modulo %d = %d, want %d or %d more", x, w, m, got, want, m)
				}
			}
		}
	}
}

func TestDivisor_DividesExactly(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 13))
	const most = 1<<63 - 1
	for _, m := range append(moduli, 1e17, 1e18, 1e19) {
		if bits.OnesCount64(m) == 1 {
			continue
		}
		d := modular.NewDivisor(m)
		last := most - most%m // the largest multiple below 2^63
		for _, x := range []uint64{0, 1, m - 1, m, m + 1, last - min(1, last), last, most, r.Uint64() >> 1, r.Uint64() >> 33} {
			if x > most {
				continue
			}
			if quotient, remainder := d.Divide(x); quotient != x/m || remainder != x%m {
				t.Errorf("%d/%d = %d, remainder %d", x, m, quotient, remainder)
			}
		}
	}
}

func TestPrime_HasRootsOfUnity(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		p uint64
		k int
	}{{0x1ffffea0_00000001, 36}, {0x15555_40000001, 30}, {17, 4}, {97, 5}} {
		m := modular.NewPrime(c.p, c.k)
		for i, root := range m.Roots {
			// A primitive 2^i-th root becomes −1 half-way to 1.
			if i > 0 && m.Pow(root, 1<<(i-1)) != c.p-1 || i == 0 && root != 1 {
				t.Errorf("modulo %d: %d is no primitive root of unity of order 2^%d", c.p, root, i)
			}
		}
		if m.Mul(c.p-2, m.Inverse(c.p-2)) != 1 || m.Mul(m.Negative(2), 3) != c.p-6 {
			t.Errorf("modulo %d: the inverse or the negative is wrong", c.p)
		}
	}
}

func TestPrime_BlockRootsSplitThoseOfTheLevelAbove(t *testing.T) {
	t.Parallel()
	m := modular.NewPrime(0x15555_40000001, 30)
	for j := range 300 {
		// x^2m − t[j]² splits into x^m − t[j] and x^m + t[j], which are blocks 2j
		// and 2j+1: the squares of their roots are t[j] and −t[j].
		z := m.BlockRoot(j)
		for i, want := range []uint64{z, m.Negative(z)} {
			if root := m.BlockRoot(2*j + i); m.Mul(root, root) != want {
				t.Errorf("the square of the root of block %d is not %d", 2*j+i, want)
			}
		}
		if j > 0 && m.Mul(z, m.BlockRoot(modular.FlipBlock(j))) != m.P-1 {
			t.Errorf("the root of block %d is not −1/t[%d]", modular.FlipBlock(j), j)
		}
	}
}
