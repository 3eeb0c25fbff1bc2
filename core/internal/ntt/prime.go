package ntt

import "math/bits"

// prime is a modulus with what is needed to calculate with it. Residues are
// kept lazily, as any representative below a small multiple of p that a
// comment names: p is below 2^61, so that 8p fits a word. See D. Harvey,
// "Faster arithmetic for number-theoretic transforms" (2014).
type prime struct {
	p        uint64
	negInv   uint64   // −1/p modulo 2^64
	roots    []uint64 // roots[k] is a primitive 2^k-th root of unity
	minusOne factor
}

// maxOrder is the logarithm of the longest transform that both primes have.
const maxOrder = 36

// The two largest primes below 2^61 that are 1 modulo 2^36.
var primes = [2]*prime{newPrime(0x1ffffea0_00000001), newPrime(0x1ffffd80_00000001)}

func newPrime(p uint64) *prime {
	m := &prime{p: p, roots: make([]uint64, maxOrder+1)}
	inv := p // right modulo 2^3, and each Newton step doubles the exponent
	for range 5 {
		inv *= 2 - p*inv
	}
	m.negInv = -inv
	m.minusOne = m.factor(p - 1)
	nonresidue := uint64(2)
	for m.pow(nonresidue, p/2) == 1 {
		nonresidue++
	}
	root := m.pow(nonresidue, (p-1)>>maxOrder)
	for k := maxOrder; k >= 0; k-- {
		m.roots[k] = root
		root = m.mul(root, root)
	}
	return m
}

// mul returns x·y modulo p, for x and y below p; it takes a division.
func (m *prime) mul(x, y uint64) uint64 {
	hi, lo := bits.Mul64(x, y)
	return bits.Rem64(hi, lo, m.p)
}

func (m *prime) pow(x, e uint64) uint64 {
	r := uint64(1)
	for ; e > 0; e >>= 1 {
		if e&1 == 1 {
			r = m.mul(r, x)
		}
		x = m.mul(x, x)
	}
	return r
}

func (m *prime) inverse(x uint64) uint64 { return m.pow(x, m.p-2) }

// factor is a constant w below p that many residues are multiplied by, with
// quotient = ⌊w·2^64/p⌋.
type factor struct{ w, quotient uint64 }

func (m *prime) factor(w uint64) factor {
	q, _ := bits.Div64(w, 0, m.p)
	return factor{w, q}
}

// times returns x·f below 2p, for any x. The quotient that is subtracted is
// right or one too small, as V. Shoup noticed for his library NTL.
func times(x uint64, f factor, p uint64) uint64 {
	q, _ := bits.Mul64(x, f.quotient)
	return x*f.w - q*p
}

// reduce brings x, below 2·bound, below bound.
func reduce(x, bound uint64) uint64 { return min(x, x-bound) }

// redc returns (hi·2^64 + lo)/2^64 modulo p, below p, for hi below p. See P. L.
// Montgomery, "Modular multiplication without trial division" (1985).
func (m *prime) redc(hi, lo uint64) uint64 {
	q, _ := bits.Mul64(lo*m.negInv, m.p)
	if lo != 0 {
		hi++ // lo + its multiple of p makes 2^64, unless both are 0
	}
	return reduce(hi+q, m.p)
}
