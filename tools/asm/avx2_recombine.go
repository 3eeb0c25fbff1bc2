package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// The vectors of the type mixedRadixConstants of the package.
const (
	radixScale      = 2 * iota // a factor for each prime
	radixScale1                // of the second
	radixScale2                // of the third
	radixBy0                   // 1/p0 modulo p1
	radixBy1                   // 1/p1 modulo p2
	radixBy01                  // 1/(p0·p1) modulo p2
	radixFirst                 // p0, as upper and lower half of a word
	radixLow                   // p0·p1 modulo B
	radixHigh                  // ⌊p0·p1/B⌋
	radixNegB                  // 2^64 − B
	radixFirstShare            // p0/B, p0·p1 modulo B/B
	radixHighShare             // ⌊p0·p1/B⌋/B, −.6
	radixLessTop               // −.501, 2^63
	radixBiasLess1             // B − 1 + 2^63, B
)

// mixedRadix generates the kernel that converts residues to digits.
func mixedRadix() {
	kernelOf("avx2", "mixedRadix", "func(cs, r, dst *uint64, n int, residues *uint64, plane int)")
	cs, base, dst, n, residues, plane := param("cs"), param("r"), param("dst"), param("n"), param("residues"), param("plane")
	toBytes(plane)
	toBytes(n)
	row := rows(residues, plane, 3)
	constant := func(i int) Mem { return Mem{Base: base, Disp: halfBytes * i} }
	factorAt := func(i int) factor { return factor{constant(i), constant(i + 1)} }
	var d [3]doubles
	for k := range d {
		d[k] = doublesAt(cs, k)
	}
	rounder, exponent, none := loadHalf(d[0].rounder), loadHalf(d[0].exponent), YMM()
	VXORPD(none, none, none)
	for k := range d {
		d[k].rounder = rounder
	}
	// notNegative adds p to what is below 0.
	notNegative := func(d doubles, x vec) vec {
		p := YMM()
		VBLENDVPD(x, d.p, none, p)
		return plusHalf(x, p)
	}
	// integer returns the integer next to x, which is below 2^52 and not negative.
	integer := func(x vec) vec {
		y := plusHalf(x, exponent)
		VXORPD(exponent, y, y)
		return y
	}
	// addTimes adds the low half of x·c to low, and what belongs 32 bits above to
	// cross.
	addTimes := func(low, cross, x vec, c int) {
		product, upper := YMM(), YMM()
		VPMULUDQ(constant(c+1), x, product)
		VPADDQ(product, low, low)
		VPSRLQ(Imm(32), x, upper)
		VPMULUDQ(constant(c+1), upper, upper)
		VPADDQ(upper, cross, cross)
		product = YMM()
		VPMULUDQ(constant(c), x, product)
		VPADDQ(product, cross, cross)
	}
	// below subtracts B once from a digit, biased by 2^63, that is not below B, and
	// returns −1 there; it removes the bias.
	below := func(x vec) (mask vec) {
		mask, b := YMM(), YMM()
		VPCMPGTQ(constant(radixBiasLess1), x, mask)
		VPAND(constant(radixBiasLess1+1), mask, b)
		VPSUBQ(b, x, x)
		VPXOR(constant(radixLessTop+1), x, x)
		return mask
	}
	// Two loops: the processor overlaps more rounds of short ones.
	loop("radix", n, halfBytes, func(i gpr) {
		x0 := notNegative(d[0], d[0].times(loadHalf(at(row[0], i)), factorAt(radixScale)))
		storeHalf(x0, at(row[0], i))

		x1 := d[1].times(loadHalf(at(row[1], i)), factorAt(radixScale1))
		VSUBPD(d[1].times(copyOfHalf(x0), factorAt(radixBy0)), x1, x1)
		d[1].reduce(x1)
		x1 = notNegative(d[1], x1)
		storeHalf(x1, at(row[1], i))

		x2 := d[2].times(loadHalf(at(row[2], i)), factorAt(radixScale2))
		VSUBPD(d[2].times(x0, factorAt(radixBy01)), x2, x2)
		VSUBPD(d[2].times(x1, factorAt(radixBy1)), x2, x2)
		d[2].reduce(x2)
		storeHalf(notNegative(d[2], x2), at(row[2], i))
	})
	loop("digits", n, halfBytes, func(i gpr) {
		x0, x1, x2 := loadHalf(at(row[0], i)), loadHalf(at(row[1], i)), loadHalf(at(row[2], i))
		// The quotient by B is exact or one too small.
		quotient := loadHalf(constant(radixHighShare + 1))
		VFMADD231PD(constant(radixFirstShare), x1, quotient)
		VFMADD231PD(constant(radixFirstShare+1), x2, quotient)
		VMAXPD(none, quotient, quotient)
		quotient = integer(quotient)
		top := loadHalf(constant(radixLessTop))
		VFMADD231PD(constant(radixHighShare), x2, top)
		VMAXPD(none, top, top)
		top = integer(top)

		digit, x1, x2, cross := integer(x0), integer(x1), integer(x2), YMM()
		VXORPD(cross, cross, cross)
		VPADDQ(constant(radixLessTop+1), digit, digit)
		addTimes(digit, cross, x1, radixFirst)
		addTimes(digit, cross, x2, radixLow)
		addTimes(digit, cross, quotient, radixNegB)
		VPSLLQ(Imm(32), cross, cross)
		VPADDQ(cross, digit, digit)
		VPSUBQ(below(digit), quotient, quotient)
		storeHalf(digit, at(dst, i))

		cross = YMM()
		VXORPD(cross, cross, cross)
		VPADDQ(constant(radixLessTop+1), quotient, quotient)
		addTimes(quotient, cross, x2, radixHigh)
		addTimes(quotient, cross, top, radixNegB)
		VPSLLQ(Imm(32), cross, cross)
		VPADDQ(cross, quotient, quotient)
		VPSUBQ(below(quotient), top, top)
		storeHalf(quotient, at(row[1], i))
		storeHalf(top, at(row[2], i))
	})
	end()
}
