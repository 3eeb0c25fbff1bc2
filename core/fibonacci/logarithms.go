package fibonacci

import (
	"math/big"
	"sync/atomic"
)

// Fixed-point numbers here are integers in units of 2^−bits.

// logarithms are fixed-point constants, exact within two units.
type logarithms struct {
	bits       uint
	ln10       *big.Int
	log10Phi   *big.Int // log₁₀ φ
	log10Root5 *big.Int // log₁₀ √5
}

// latestLogarithms holds the most exact constants calculated so far.
var latestLogarithms atomic.Pointer[logarithms]

// logarithmsTo returns the constants with at least the given number of bits.
func logarithmsTo(bits uint) *logarithms {
	if l := latestLogarithms.Load(); l != nil && l.bits >= bits {
		return l
	}
	const step = 1 << 12
	l := newLogarithms((bits + step - 1) / step * step)
	latestLogarithms.Store(l)
	return l
}

// newLogarithms calculates the constants by the series of artanh:
//
//	ln φ  = artanh(1/√5)
//	ln 5  = 32 artanh(1/31) + 24 artanh(1/49) + 14 artanh(1/161)
//	ln 10 = 46 artanh(1/31) + 34 artanh(1/49) + 20 artanh(1/161)
//
// The last two follow from 2 artanh(1/x) = ln((x+1)/(x−1)). The 64 additional bits
// cover the truncation of fewer than 2^24 terms.
func newLogarithms(bits uint) *logarithms {
	const guard = 64
	w := bits + guard
	one := new(big.Int).Lsh(big.NewInt(1), w)
	inverse := func(x int64) *big.Int {
		return artanh(new(big.Int).Div(one, big.NewInt(x)), x*x)
	}
	a, b, c := inverse(31), inverse(49), inverse(161)
	combine := func(i, j, k int64) *big.Int {
		sum := new(big.Int).Mul(a, big.NewInt(i))
		sum.Add(sum, new(big.Int).Mul(b, big.NewInt(j)))
		return sum.Add(sum, new(big.Int).Mul(c, big.NewInt(k)))
	}
	ln5, ln10 := combine(32, 24, 14), combine(46, 34, 20)

	root := new(big.Int).Lsh(big.NewInt(5), 2*w)
	root.Sqrt(root)
	lnPhi := artanh(root.Div(root, big.NewInt(5)), 5)

	quotient := func(x *big.Int) *big.Int {
		q := new(big.Int).Lsh(x, w)
		return q.Rsh(q.Div(q, ln10), guard)
	}
	return &logarithms{
		bits:       bits,
		log10Phi:   quotient(lnPhi),
		log10Root5: quotient(ln5.Rsh(ln5, 1)),
		ln10:       ln10.Rsh(ln10, guard),
	}
}

// artanh returns z + z³/3 + z⁵/5 + …, where q is the integer 1/z². Each term is
// truncated by less than two units.
func artanh(z *big.Int, q int64) *big.Int {
	sum := new(big.Int).Set(z)
	power, term := new(big.Int).Set(z), new(big.Int)
	divisor, odd := big.NewInt(q), new(big.Int)
	for i := int64(3); power.Sign() > 0; i += 2 {
		power.Quo(power, divisor)
		sum.Add(sum, term.Quo(power, odd.SetInt64(i)))
	}
	return sum
}

// exponential returns e^x for a fixed-point x of the given number of bits, from 0 to
// 4, and the relative error of the result in units, which is never too large.
//
// It evaluates Taylor's series at x/2^r and squares the result r times: R. P. Brent
// and P. Zimmermann, "Modern Computer Arithmetic", section 4.3. With r more bits
// each term is truncated by less than two units, and so is the rest of the series
// after the last of J terms. A squaring doubles the relative error and truncates,
// and 2^r(2J + 5) units of the longer form are 2J + 5 of the shorter one, in which
// the result is truncated once more.
func exponential(x *big.Int, bits uint) (y *big.Int, bound int64) {
	r := uint(4)
	for r*r*4 < bits {
		r++
	}
	w := bits + r
	sum := new(big.Int).Lsh(big.NewInt(1), w)
	sum.Add(sum, x) // x/2^r, in the units of w bits
	term, divisor := new(big.Int).Set(x), new(big.Int)
	terms := int64(2)
	for ; term.Sign() > 0; terms++ {
		term.Rsh(term.Mul(term, x), w)
		sum.Add(sum, term.Quo(term, divisor.SetInt64(terms)))
	}
	for range r {
		sum.Rsh(sum.Mul(sum, sum), w)
	}
	return sum.Rsh(sum, r), 2*terms + 6
}
