package vector

import (
	"math/bits"

	"github.com/pisano-dev/pisano/core/internal/modular"
)

const primeCount = 3

// maxOrder is the binary logarithm of the longest transform modulo all primes.
const maxOrder = 30

// wordBits is the width of the factors that the instructions multiply.
const wordBits = 52

// prime is a modulus with its constants. P is below 2^52/12, so that a word has
// room for 12P.
type prime struct {
	modular.Prime
	reciprocal uint64 // ⌊2^112/P⌋

	laneRoots, laneNegInverses [vectorWords]uint64 // t[j] and −1/t[j] for the first j
}

// primes are the three largest below 2^52/12 that are 1 modulo 2^30.
var primes = [primeCount]prime{
	newPrime(0x15555_40000001),
	newPrime(0x15554_80000001),
	newPrime(0x15553_80000001),
}

func newPrime(p uint64) prime {
	m := prime{Prime: modular.NewPrime(p, maxOrder)}
	m.reciprocal, _ = bits.Div64(1<<(112-64), 0, p)
	for lane := range vectorWords {
		m.laneRoots[lane], m.laneNegInverses[lane] = m.BlockRoot(lane), m.negInverse(lane)
	}
	return m
}

// factor is modular.Factor for multiplications of 52 bits: a constant w below P,
// with quotient = ⌊w·2^52/P⌋.
type factor struct{ w, quotient uint64 }

// factor returns the constant w, below P.
func (m *prime) factor(w uint64) factor {
	q, _ := bits.Mul64(w<<4, m.reciprocal) // exact, or one too small
	if w<<wordBits-q*m.P >= m.P {
		q++
	}
	return factor{w, q}
}

// times returns x·f modulo P and below it, for x below P.
func (m *prime) times(x uint64, f factor) uint64 {
	hi, lo := bits.Mul64(x, f.quotient)
	r := x*f.w - (hi<<(64-wordBits)|lo>>wordBits)*m.P
	return min(r, r-m.P)
}

// constants is the constants of a prime p for the kernels. The generator in
// tools/asm relies on its layout.
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

// moduli is the constants of the primes.
var moduli = func() (cs [primeCount]constants) {
	for k := range cs {
		m := &primes[k]
		p := m.P
		cs[k] = constants{
			complement: 1<<wordBits - p,
			p2:         2 * p, p3: 3 * p, p4: 4 * p, p6: 6 * p,
			one:        m.factor(1).quotient,
			two:        2,
			fold:       1<<50 - 3*p,
			i:          m.factor(m.BitRoot(0)),
			p:          p,
			negInverse: modular.NegInverse(p) & low52,
		}
	}
	return cs
}()
