package vector

import (
	"math/bits"

	"github.com/pisano-dev/pisano/core/internal/words"
)

// A recombiner converts the residues of the coefficients of a result to digits.
type recombiner interface {
	// recombine sets points, a multiple of minWidth, to the digits of the number
	// whose coefficients have the given residues, for each prime plane words apart,
	// and returns the two points that are carried out.
	recombine(points, residues []uint64, plane int) (carried [2]uint64)
	// surplus returns the number to add to the lowest point of a result.
	surplus() uint64
	// radix returns the base of the points.
	radix() uint64
}

// recombiner returns what converts results of transforms of 2^order points.
func (s *Instructions) recombiner(order, digits int) recombiner {
	kept := &s.recombiners[digits-minDigits][order]
	if r := kept.Load(); r != nil {
		return *r
	}
	var r recombiner
	if s.doubles {
		r = newMixedRadix(order, digits)
	} else {
		r = newRecombination(order, digits)
	}
	kept.Store(&r)
	return r
}

// recombination is the constants of IFMA that convert residues to digits;
// docs/engine.md has the formulas. P is the product of the primes, B the base,
// P_i = P/p_i = P_i0 + B·P_i1. A constant of more than 52 bits is in two parts.
// The generator in tools/asm relies on the layout.
type recombination struct {
	complement [primeCount]uint64 // 2^52 − p
	scale      [primeCount]uint64 // removes the factor of the transforms, and divides by P_i modulo p_i
	quotient   [primeCount]uint64 // of scale
	inverse    [primeCount]uint64 // ⌊2^100/p⌋
	phi        [primeCount]uint64 // ⌊2^52·P_i0/B⌋
	high       [primeCount]uint64 // P_i1
	low        [primeCount]uint64 // P_i0
	lowTop     [primeCount]uint64
	negB       [2]uint64 // 2^64 − B
	divide     uint64    // ⌊2^104/B⌋
	divideSum  uint64    // ⌊2^107/B⌋
	base       uint64
	baseLess1  uint64
	four       uint64
	eight      uint64
	bias       uint64 // B − 9
	minusOne   uint64
	_          [6]uint64
	// For k up to 7, what −kP adds to D0, to G in eighths, and to Q.
	multiples  [vectorWords]uint64     // k·(B − P mod B), modulo 2^64
	multiplesG [vectorWords]uint64     // ⌊8·k·(B − P mod B)/B⌋
	multiplesQ [2][vectorWords]uint64  // −k·(⌊P/B⌋ + 1) modulo 2^104, in two parts
	multiplesB [2 * vectorWords]uint64 // k·B for k up to 15, of recombine18
}

const low52 = 1<<wordBits - 1

// newRecombination returns the recombination after transforms of 2^order points
// and forms, which divide by 2^52.
func newRecombination(order, digits int) *recombination {
	b := words.PowersOf10[digits]
	r := &recombination{base: b, baseLess1: b - 1, four: 4, eight: 8, bias: b - 9, minusOne: ^uint64(0)}
	r.negB = [2]uint64{-b & low52, -b >> wordBits}
	r.divide = shifted(1, 104, b)
	r.divideSum = shifted(1, 107, b)
	for i := range primes {
		m := &primes[i]
		others := [2]uint64{primes[(i+1)%primeCount].P, primes[(i+2)%primeCount].P}
		size := m.Pow(2, uint64(order))
		scale := m.Mul(1<<wordBits%m.P, m.Inverse(m.Mul(size, m.Mul(others[0]%m.P, others[1]%m.P))))
		f := m.factor(scale)
		r.complement[i], r.scale[i], r.quotient[i] = moduli[i].complement, f.w, f.quotient
		r.inverse[i] = shifted(1, 100, m.P)
		hi, lo := bits.Mul64(others[0], others[1])
		q, rest := bits.Div64(hi, lo, b)
		r.high[i], r.low[i], r.lowTop[i] = q, rest&low52, rest>>wordBits
		r.phi[i] = shifted(rest, wordBits, b)
	}
	// P = p0·(P_00 + B·P_01)
	p0 := primes[0].P
	hi, lo := bits.Mul64(p0, r.low[0]|r.lowTop[0]<<wordBits)
	q, rest := bits.Div64(hi, lo, b)
	hi, lo = bits.Mul64(p0, r.high[0])
	lo, carry := bits.Add64(lo, q+1, 0)
	hi += carry // ⌊P/B⌋ + 1
	for k := range uint64(vectorWords) {
		r.multiples[k] = k * (b - rest)
		top, bottom := bits.Mul64(8*k, b-rest)
		r.multiplesG[k], _ = bits.Div64(top, bottom, b)
		over, q0 := bits.Mul64(k, lo)
		q0, borrow := bits.Sub64(0, q0, 0)
		q1 := -(k*hi + over) - borrow
		r.multiplesQ[0][k], r.multiplesQ[1][k] = q0&low52, (q1<<(64-wordBits)|q0>>wordBits)&low52
	}
	for k := range r.multiplesB {
		r.multiplesB[k] = uint64(k) * b
	}
	return r
}

// shifted returns ⌊x·2^n/d⌋, which fits a word, for x up to d and n from 52 to 127.
func shifted(x uint64, n int, d uint64) uint64 {
	if n < 64 {
		q, _ := bits.Div64(x>>(64-n), x<<n, d)
		return q
	}
	q, _ := bits.Div64(x<<(n-64), 0, d)
	return q
}

// recombine implements recombiner.
func (r *recombination) recombine(points, residues []uint64, plane int) (carried [2]uint64) {
	if r.base == words.PowersOf10[maxDigits] {
		ifmaRecombine19(r, &points[0], len(points), &residues[0], plane, &carried)
	} else {
		ifmaRecombine18(r, &points[0], len(points), &residues[0], plane, &carried)
	}
	return carried
}

func (r *recombination) radix() uint64 { return r.base }

// surplus is what recombine18 leaves: it adds 9·(base^n − 1), of which the base^n
// is carried out.
func (r *recombination) surplus() uint64 {
	if r.base == words.PowersOf10[maxDigits] {
		return 0
	}
	return 9
}

// addCarried adds the carried points to the lowest of points. It does not carry
// out of points: the result fits them.
func addCarried(points []uint64, carried [2]uint64, base uint64) {
	over := carried[0] // below 2B
	for i := 0; i < len(points) && (over > 0 || i < 2); i++ {
		if i == 1 {
			over += carried[1]
		}
		next := uint64(0)
		if over >= base {
			over -= base
			next = 1
		}
		if points[i] >= base-over {
			points[i] -= base - over
			next++
		} else {
			points[i] += over
		}
		over = next
	}
}
