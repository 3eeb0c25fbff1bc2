package vector

import (
	"math"
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

// An encoder makes the constants of a prime for the kernels of a set of
// instructions.
type encoder struct {
	*prime
	doubles bool
}

// encoded returns the constant w, below P, as the kernels take it: a factor, or in
// double precision v/P as quotient of the constant v from −P/2 to P/2.
func (e encoder) encoded(w uint64) factor {
	if !e.doubles {
		return e.factor(w)
	}
	v := float64(w) // exact
	if w > e.P/2 {
		v = -float64(e.P - w)
	}
	return factor{math.Float64bits(v), math.Float64bits(v / float64(e.P))}
}

// value returns the constant of an encoded factor.
func (e encoder) value(f factor) uint64 {
	if !e.doubles {
		return f.w
	}
	v := int64(math.Float64frombits(f.w))
	return uint64(v) + e.P&uint64(v>>63)
}

// constants is the constants of a prime p for the kernels of IFMA. The generator
// in tools/asm relies on its layout.
type constants struct {
	complement     uint64 // 2^52 − p
	p2, p3, p4, p6 uint64 // multiples of p
	one            uint64 // ⌊2^52/p⌋
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
			fold:       1<<50 - 3*p,
			i:          m.factor(m.BitRoot(0)),
			p:          p,
			negInverse: modular.NegInverse(p) & low52,
		}
	}
	return cs
}()

// eachLane is a number in each lane of a vector of AVX2.
type eachLane [4]float64

func inEachLane(x float64) eachLane { return eachLane{x, x, x, x} }

// doubleConstants is the constants of a prime p for the kernels of AVX2. The
// generator in tools/asm relies on its layout.
type doubleConstants struct {
	rounder  eachLane // 1.5·2^52: adding it rounds to an integer
	p        eachLane
	inverse  eachLane    // 1/p
	exponent eachLane    // 2^52
	upper    eachLane    // 2^32
	i        [2]eachLane // a square root of −1, encoded
}

// doubleModuli is the constants of the primes.
var doubleModuli = func() (cs [primeCount]doubleConstants) {
	for k := range cs {
		e := encoder{&primes[k], true}
		p := float64(e.P)
		i := e.encoded(e.BitRoot(0))
		cs[k] = doubleConstants{
			rounder:  inEachLane(3 << 51),
			p:        inEachLane(p),
			inverse:  inEachLane(1 / p),
			exponent: inEachLane(1 << 52),
			upper:    inEachLane(1 << 32),
			i:        [2]eachLane{inEachLane(math.Float64frombits(i.w)), inEachLane(math.Float64frombits(i.quotient))},
		}
	}
	return cs
}()
