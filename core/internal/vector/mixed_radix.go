package vector

import (
	"math"
	"math/bits"

	"github.com/pisano-dev/pisano/core/internal/words"
)

// mixedRadix is the constants of AVX2 that convert residues to digits in base B:
// docs/engine.md has the formulas. A coefficient is x0 + p0·x1 + p0·p1·x2, each x
// below its prime, by H. L. Garner's "The residue number system" (1959). The
// generator in tools/asm relies on the layout.
type mixedRadix struct {
	scale      [primeCount]doubleFactor // removes the factor of the transforms, and divides by the primes before
	by0, by1   doubleFactor             // 1/p0 modulo p1; 1/p1 modulo p2
	by01       doubleFactor             // 1/(p0·p1) modulo p2
	first      halves                   // p0
	low        halves                   // p0·p1 modulo B
	high       halves                   // ⌊p0·p1/B⌋
	negB       halves                   // 2^64 − B
	firstShare eachLane                 // of a digit x1 in the quotient by B
	lowShare   eachLane                 // of a digit x2
	highShare  eachLane                 // of a digit x2 in the quotient by B²
	lessSum    eachLane                 // what makes these quotients exact or one too small
	lessTop    eachLane
	bias       [4]uint64 // 2^63
	biasedLess [4]uint64 // B − 1 + 2^63
	b          [4]uint64
}

type doubleFactor struct{ w, quotient eachLane }

func (e encoder) doubleFactor(w uint64) doubleFactor {
	f := e.encoded(w)
	return doubleFactor{inEachLane(math.Float64frombits(f.w)), inEachLane(math.Float64frombits(f.quotient))}
}

// halves is the upper and the lower 32 bits of a word, in each lane.
type halves struct{ upper, lower [4]uint64 }

func halvesOf(x uint64) (h halves) {
	for i := range h.upper {
		h.upper[i], h.lower[i] = x>>32, x&(1<<32-1)
	}
	return h
}

// newMixedRadix returns the conversion after transforms of 2^order points.
func newMixedRadix(order, digits int) *mixedRadix {
	b := words.PowersOf10[digits]
	first, second, third := encoder{&primes[0], true}, encoder{&primes[1], true}, encoder{&primes[2], true}
	// scale returns 1/(2^order·before) modulo a prime.
	scale := func(e encoder, before uint64) doubleFactor {
		return e.doubleFactor(e.Inverse(e.Mul(e.Pow(2, uint64(order)), before)))
	}
	before := third.Mul(first.P%third.P, second.P%third.P)
	hi, lo := bits.Mul64(first.P, second.P)
	high, low := bits.Div64(hi, lo, b)
	share := func(x uint64) eachLane { return inEachLane(float64(x) / float64(b)) }
	r := &mixedRadix{
		scale: [primeCount]doubleFactor{scale(first, 1), scale(second, first.P%second.P), scale(third, before)},
		by0:   second.doubleFactor(second.Inverse(first.P % second.P)),
		by1:   third.doubleFactor(third.Inverse(second.P % third.P)),
		by01:  third.doubleFactor(third.Inverse(before)),
		first: halvesOf(first.P), low: halvesOf(low), high: halvesOf(high), negB: halvesOf(-b),
		firstShare: share(first.P), lowShare: share(low), highShare: share(high),
		lessSum: inEachLane(-.6), lessTop: inEachLane(-.501),
	}
	for i := range r.bias {
		r.bias[i], r.biasedLess[i], r.b[i] = 1<<63, b-1+1<<63, b
	}
	return r
}

func (r *mixedRadix) radix() uint64 { return r.b[0] }

// surplus is 0: recombine calculates the digits themselves.
func (r *mixedRadix) surplus() uint64 { return 0 }

// recombine implements recombiner. It overwrites the residues.
func (r *mixedRadix) recombine(points, residues []uint64, plane int) (carried [2]uint64) {
	n := len(points)
	avx2MixedRadix(&doubleModuli, r, &points[0], n, &residues[0], plane)
	b, middle, top := r.radix(), residues[plane:][:n], residues[2*plane:][:n]
	// over and beyond are what the points before carry to this point and to the next,
	// but for carry, on which nothing else waits.
	var over, beyond, carry uint64
	for i, digit := range points {
		more := uint64(0)
		if over >= b { // by less than beyond, and seldom
			over -= b
			more = 1
		}
		sum, under := bits.Sub64(digit, b-over, 0)
		sum += b&-under + carry
		carry = 1 - under + more
		if sum >= b {
			sum -= b
			carry++
		}
		points[i] = sum
		over, beyond = middle[i]+beyond, top[i]
	}
	return [2]uint64{over + carry, beyond}
}
