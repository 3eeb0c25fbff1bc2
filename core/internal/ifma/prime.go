package ifma

import "math/bits"

// primeCount is how many primes there are.
const primeCount = 3

// maxOrder is the logarithm of the longest transform that all primes have.
const maxOrder = 30

// wordBits is the width of what the instructions multiply.
const wordBits = 52

// prime is a modulus below 2^52/12, so that a word has room for 12p, and 1
// modulo 2^30.
type prime struct {
	p          uint64
	reciprocal uint64               // ⌊2^112/p⌋
	roots      [maxOrder + 1]uint64 // roots[k] is a primitive 2^k-th root of unity

	laneRoots, laneNegInverses [vectorWords]uint64 // t[j] and −1/t[j] for the first j
}

// The three largest such primes.
var primes = [primeCount]prime{
	newPrime(0x15555_40000001),
	newPrime(0x15554_80000001),
	newPrime(0x15553_80000001),
}

func newPrime(p uint64) prime {
	m := prime{p: p}
	m.reciprocal, _ = bits.Div64(1<<(112-64), 0, p)
	nonresidue := uint64(2)
	for m.pow(nonresidue, p/2) == 1 {
		nonresidue++
	}
	root := m.pow(nonresidue, (p-1)>>maxOrder)
	for k := maxOrder; k >= 0; k-- {
		m.roots[k] = root
		root = m.mul(root, root)
	}
	for lane := range vectorWords {
		m.laneRoots[lane], m.laneNegInverses[lane] = m.root(lane), m.negInverse(lane)
	}
	return m
}

// mul returns x·y modulo p, for x and y below 2^56 and their product below
// 2^64·p; it takes a division.
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

// negative returns −x modulo p, for x below p and not 0.
func (m *prime) negative(x uint64) uint64 { return m.p - x }

// factor is a constant w below p that many residues are multiplied by, with
// quotient = ⌊w·2^52/p⌋. This is V. Shoup's multiplication, in 52 bits.
type factor struct{ w, quotient uint64 }

func (m *prime) factor(w uint64) factor {
	q, _ := bits.Mul64(w<<4, m.reciprocal) // right, or one too small
	if w<<wordBits-q*m.p >= m.p {
		q++
	}
	return factor{w, q}
}

// times returns x·f modulo p, for x below p.
func (m *prime) times(x uint64, f factor) uint64 {
	hi, lo := bits.Mul64(x, f.quotient)
	r := x*f.w - (hi<<(64-wordBits)|lo>>wordBits)*m.p
	return min(r, r-m.p)
}

// constants is what kernels need of a prime. The generator in tools/asm knows
// its layout.
type constants struct {
	complement     uint64 // 2^52 − p
	p2, p3, p4, p6 uint64 // multiples of p
	one            uint64 // ⌊2^52/p⌋
	two            uint64 // 2
	fold           uint64 // 2^50 − 3p
	i              factor // a square root of −1: the root of block 1
	p              uint64
	negInverse     uint64 // −1/p modulo 2^52
}

var moduli = func() (cs [primeCount]constants) {
	for k := range cs {
		m := &primes[k]
		p := m.p
		inverse := p // right modulo 2^3, and each Newton step doubles the exponent
		for range 5 {
			inverse *= 2 - p*inverse
		}
		cs[k] = constants{
			complement: 1<<wordBits - p,
			p2:         2 * p, p3: 3 * p, p4: 4 * p, p6: 6 * p,
			one:        m.factor(1).quotient,
			two:        2,
			fold:       1<<50 - 3*p,
			i:          m.factor(m.roots[2]),
			p:          p,
			negInverse: -inverse & (1<<wordBits - 1),
		}
	}
	return cs
}()
