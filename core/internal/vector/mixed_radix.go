package vector

import (
	"math"
	"math/bits"

	"github.com/pisano-dev/pisano/core/internal/words"
)

// mixedRadix is the constants of AVX2 that convert residues to digits:
// docs/engine.md has the formulas. A coefficient is x0 + p0·x1 + p0·p1·x2, each x
// below its prime, by H. L. Garner's "The residue number system" (1959). The
// kernel finds these, and the processor's long multiplication their digits.
type mixedRadix struct {
	kernel mixedRadixFactors
	base   uint64
	// p0·p1 = low + base·high
	low, high uint64
	// reciprocal is ⌊2^(64+shift)/base⌋, with the largest shift that lets it fit.
	reciprocal uint64
	shift      int
}

// mixedRadixFactors is the constants of the kernel, in all lanes. The generator in
// tools/asm relies on the layout.
type mixedRadixFactors struct {
	scale    [primeCount]doubleFactor // removes the factor of the transforms, and divides by the primes before
	by0, by1 doubleFactor             // 1/p0 modulo p1; 1/p1 modulo p2
	by01     doubleFactor             // 1/(p0·p1) modulo p2
}

type doubleFactor struct{ w, quotient eachLane }

func (e encoder) doubleFactor(w uint64) doubleFactor {
	f := e.encoded(w)
	return doubleFactor{inEachLane(math.Float64frombits(f.w)), inEachLane(math.Float64frombits(f.quotient))}
}

// newMixedRadix returns the conversion after transforms of 2^order points.
func newMixedRadix(order, digits int) *mixedRadix {
	b := words.PowersOf10[digits]
	r := &mixedRadix{base: b, shift: bits.Len64(b) - 1}
	r.reciprocal, _ = bits.Div64(1<<r.shift, 0, b)
	hi, lo := bits.Mul64(primes[0].P, primes[1].P)
	r.high, r.low = bits.Div64(hi, lo, b)
	k := &r.kernel
	before := [primeCount]uint64{1, primes[0].P, 0}
	for i := range primes {
		e := encoder{&primes[i], true}
		if i == 2 {
			before[i] = e.Mul(primes[0].P, primes[1].P%e.P)
		}
		k.scale[i] = e.doubleFactor(e.Inverse(e.Mul(e.Pow(2, uint64(order)), before[i]%e.P)))
	}
	first, second := encoder{&primes[1], true}, encoder{&primes[2], true}
	k.by0 = first.doubleFactor(first.Inverse(primes[0].P % first.P))
	k.by1 = second.doubleFactor(second.Inverse(primes[1].P % second.P))
	k.by01 = second.doubleFactor(second.Inverse(before[2]))
	return r
}

func (r *mixedRadix) radix() uint64 { return r.base }

// surplus is 0: recombine calculates the digits themselves.
func (r *mixedRadix) surplus() uint64 { return 0 }

// recombine implements recombiner. It overwrites the residues.
func (r *mixedRadix) recombine(points, residues []uint64, plane int) (carried [2]uint64) {
	n := len(points)
	avx2MixedRadix(&doubleModuli, &r.kernel, &residues[0], plane, n)
	x0, x1, x2 := residues[:n], residues[plane:][:n], residues[2*plane:][:n]
	p0, b, low, high, reciprocal := primes[0].P, r.base, r.low, r.high, r.reciprocal
	shiftSum, shiftTop := uint(r.shift-sumShift)&63, uint(r.shift-topShift)&63
	var over, top uint64 // of the points before: what is carried to this one, and to the next
	for i := range points {
		// x0 + p0·x1 + low·x2 < 2^112 is q·base + d0.
		hi, lo := bits.Mul64(p0, x1[i])
		lo, carry := bits.Add64(lo, x0[i], 0)
		hi2, lo2 := bits.Mul64(low, x2[i])
		lo, c := bits.Add64(lo, lo2, 0)
		hi += hi2 + carry + c
		q, _ := bits.Mul64(hi<<(64-sumShift)|lo>>sumShift, reciprocal)
		q >>= shiftSum
		d0 := lo - q*b
		if d0 >= b {
			d0 -= b
			q++
		}
		// q + high·x2 < 2^90 is d2·base + d1.
		hi, lo = bits.Mul64(high, x2[i])
		lo, carry = bits.Add64(lo, q, 0)
		hi += carry
		d2, _ := bits.Mul64(hi<<(64-topShift)|lo>>topShift, reciprocal)
		d2 >>= shiftTop
		d1 := lo - d2*b
		if d1 >= b {
			d1 -= b
			d2++
		}
		next := d1 + top
		if over >= b {
			over -= b
			next++
		}
		sum, under := bits.Sub64(d0, b-over, 0)
		points[i] = sum + b&-under
		over, top = next+1-under, d2
	}
	return [2]uint64{over, top}
}

// The quotients by the base are calculated from the upper 64 bits of sums below
// 2^112 and 2^90. They are exact or one too small.
const (
	sumShift = 112 - 64
	topShift = 90 - 64
)
