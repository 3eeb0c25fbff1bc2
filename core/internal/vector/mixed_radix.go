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
	first      wordFactor               // p0
	low        wordFactor               // p0·p1 modulo B
	high       wordFactor               // ⌊p0·p1/B⌋
	negB       wordFactor               // 2^64 − B
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

// wordFactor is a word in each lane, and with its halves exchanged.
type wordFactor struct{ word, exchanged [4]uint64 }

func wordFactorOf(x uint64) (f wordFactor) {
	for i := range f.word {
		f.word[i], f.exchanged[i] = x, bits.RotateLeft64(x, 32)
	}
	return f
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
		first: wordFactorOf(first.P), low: wordFactorOf(low), high: wordFactorOf(high), negB: wordFactorOf(-b),
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
func (r *mixedRadix) recombine(points, residues []uint64, plane int) [2]uint64 {
	var last lastDigits
	avx2MixedRadix(&doubleModuli, r, &points[0], len(points), &residues[0], plane, &last)
	if last.unresolved != [4]uint64{} {
		return r.resolve(points, residues, plane)
	}
	return [2]uint64{last.middle[3] + last.top[2] - last.carries[3], last.top[3]}
}

// lastDigits is what the kernel does not add to points: D1, D2 and the carries, which
// are −1, of the last four coefficients, and where it has left a carry unresolved.
type lastDigits struct{ middle, top, carries, unresolved [4]uint64 }

// resolve does without vectors what the kernel has left, from the digits in mixed
// radix that have taken the place of the residues. It happens once in millions of
// points, but for numbers of many zeros or nines.
func (r *mixedRadix) resolve(points, residues []uint64, plane int) [2]uint64 {
	var over, beyond uint64 // what the points before carry to this one, and to the next
	b := r.radix()
	for i := range points {
		digit, middle, top := r.digits(
			uint64(math.Float64frombits(residues[i])),
			uint64(math.Float64frombits(residues[plane+i])),
			uint64(math.Float64frombits(residues[2*plane+i])))
		next := middle + beyond
		if over >= b {
			over -= b
			next++
		}
		sum, under := bits.Sub64(digit, b-over, 0)
		points[i] = sum + b&-under
		over, beyond = next+1-under, top
	}
	return [2]uint64{over, beyond}
}

// digits returns the three digits of x0 + p0·x1 + p0·p1·x2 in base B.
func (r *mixedRadix) digits(x0, x1, x2 uint64) (digit, middle, top uint64) {
	// x0 + p0·x1 + low·x2 < 2^112 is q·B + digit.
	b := r.radix()
	hi, lo := bits.Mul64(r.first.word[0], x1)
	lo, carry := bits.Add64(lo, x0, 0)
	high, low := bits.Mul64(r.low.word[0], x2)
	lo, carry2 := bits.Add64(lo, low, 0)
	q, digit := bits.Div64(hi+high+carry+carry2, lo, b)
	// q + high·x2 < 2^90 is top·B + middle.
	hi, lo = bits.Mul64(r.high.word[0], x2)
	lo, carry = bits.Add64(lo, q, 0)
	top, middle = bits.Div64(hi+carry, lo, b)
	return digit, middle, top
}
