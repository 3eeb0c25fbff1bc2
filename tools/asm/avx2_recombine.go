package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// The vectors of the type mixedRadix of the package.
const (
	radixScale      = 2 * iota // a factor for each prime
	radixScale1                // of the second
	radixScale2                // of the third
	radixBy0                   // 1/p0 modulo p1
	radixBy1                   // 1/p1 modulo p2
	radixBy01                  // 1/(p0·p1) modulo p2
	radixFirst                 // p0, and with its halves exchanged
	radixLow                   // p0·p1 modulo B
	radixHigh                  // ⌊p0·p1/B⌋
	radixNegB                  // 2^64 − B
	radixFirstShare            // p0/B; p0·p1 modulo B/B
	radixHighShare             // ⌊p0·p1/B⌋/B; −.6
	radixLessTop               // −.501; 2^63
	radixBiasedLess            // B − 1 + 2^63; B
)

// mixedRadix generates the kernel that converts residues to digits.
func mixedRadix() {
	kernelOf("avx2", "mixedRadix", "func(cs, r, dst *uint64, n int, residues *uint64, plane int, last *uint64)")
	cs, base, dst, n, residues, plane := param("cs"), param("r"), param("dst"), param("n"), param("residues"), param("plane")
	toBytes(plane)
	toBytes(n)
	row := rows(residues, plane, 3)
	constant := func(i int) Mem { return Mem{Base: base, Disp: halfBytes * i} }
	toMixedRadix(cs, constant, row, n)
	toDigits(doublesAt(cs, 0), constant, row, dst, n)
	end()
}

// toMixedRadix replaces residues by x0, x1 and x2.
func toMixedRadix(cs gpr, constant func(i int) Mem, row []gpr, n gpr) {
	factorAt := func(i int) factor { return factor{constant(i), constant(i + 1)} }
	var d [3]doubles
	for k := range d {
		d[k] = doublesAt(cs, k)
	}
	rounder, none := loadHalf(d[0].rounder), noneHalf()
	for k := range d {
		d[k].rounder = rounder
	}
	// notNegative adds p to what is below 0.
	notNegative := func(d doubles, x vec) vec {
		p := YMM()
		VBLENDVPD(x, d.p, none, p)
		return plusHalf(x, p)
	}
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
}

// toDigits adds up the digits of x0, x1 and x2. It is a loop of its own, as the
// processor overlaps more rounds of short ones.
func toDigits(d doubles, constant func(i int) Mem, row []gpr, dst, n gpr) {
	exponent, none := loadHalf(d.exponent), noneHalf()
	bias := constant(radixLessTop + 1)
	// integer returns the integer next to x, which is below 2^52, or 0.
	integer := func(x vec) vec {
		y := YMM()
		VMAXPD(none, x, y)
		VADDPD(exponent, y, y)
		VXORPD(exponent, y, y)
		return y
	}
	// addTimes adds the low half of x·c to low, and the two products that belong 32
	// bits above to the halves of cross.
	addTimes := func(low, cross, x vec, c int) {
		product, halves := YMM(), YMM()
		VPMULUDQ(constant(c), x, product)
		VPADDQ(product, low, low)
		VPMULLD(constant(c+1), x, halves)
		VPADDD(halves, cross, cross)
	}
	// addCross adds the halves of cross to the upper half of low.
	addCross := func(low, cross vec) {
		upper := YMM()
		VPSRLQ(Imm(32), cross, upper)
		VPADDD(cross, upper, upper)
		VPSLLQ(Imm(32), upper, upper)
		VPADDQ(upper, low, low)
	}
	// below subtracts B once from a digit that is not below it, and adds 1 to the
	// next there. Digits are biased by 2^63.
	below := func(digit, next vec) {
		mask, b := YMM(), YMM()
		VPCMPGTQ(constant(radixBiasedLess), digit, mask)
		VPSUBQ(mask, next, next)
		VPAND(constant(radixBiasedLess+1), mask, b)
		VPSUBQ(b, digit, digit)
	}
	// What the vector before hands on: digits D1 and D2, and carries, which are −1.
	before1, before2, carries := noneHalf(), noneHalf(), noneHalf()
	unresolved := noneHalf()
	loop("digits", n, halfBytes, func(i gpr) {
		x1, x2 := loadHalf(at(row[1], i)), loadHalf(at(row[2], i))
		// The quotients by B are exact or one too small.
		quotient := loadHalf(constant(radixHighShare + 1))
		VFMADD231PD(constant(radixFirstShare), x1, quotient)
		VFMADD231PD(constant(radixFirstShare+1), x2, quotient)
		quotient = integer(quotient)
		d2 := loadHalf(constant(radixLessTop))
		VFMADD231PD(constant(radixHighShare), x2, d2)
		d2 = integer(d2)

		d0 := integer(loadHalf(at(row[0], i)))
		x1, x2 = integer(x1), integer(x2)
		cross := noneHalf()
		VPADDQ(bias, d0, d0)
		addTimes(d0, cross, x1, radixFirst)
		addTimes(d0, cross, x2, radixLow)
		addTimes(d0, cross, quotient, radixNegB)
		addCross(d0, cross)
		below(d0, quotient)

		d1, cross := quotient, noneHalf()
		VPADDQ(bias, d1, d1)
		addTimes(d1, cross, x2, radixHigh)
		addTimes(d1, cross, d2, radixNegB)
		addCross(d1, cross)
		below(d1, d2)
		VPXOR(bias, d1, d1)

		// The sum with the digits of the points before.
		more, more2 := shifted(before1, d1, 1), shifted(before2, d2, 2)
		VMOVAPD(d1, before1)
		VMOVAPD(d2, before2)
		VPADDQ(more2, more, more)
		least, over := loadHalf(constant(radixBiasedLess)), YMM()
		VPSUBQ(more, least, least)
		VPCMPGTQ(least, d0, over)
		VPADDQ(more, d0, d0)
		b := YMM()
		VPAND(constant(radixBiasedLess+1), over, b)
		VPSUBQ(b, d0, d0)
		VPXOR(bias, d0, d0)
		carry := shifted(carries, over, 1)
		VMOVAPD(over, carries)
		VPSUBQ(carry, d0, d0)
		storeHalf(d0, at(dst, i))
		// Left to the caller: more than B − 1 from before, or a carry that makes B.
		VPXOR(bias, more, more)
		VPCMPGTQ(constant(radixBiasedLess), more, more)
		VPOR(more, unresolved, unresolved)
		VPCMPEQQ(constant(radixBiasedLess+1), d0, d0)
		VPOR(d0, unresolved, unresolved)
	})
	last := param("last")
	for i, x := range []vec{before1, before2, carries, unresolved} {
		storeHalf(x, Mem{Base: last, Disp: halfBytes * i})
	}
}

func noneHalf() vec {
	y := YMM()
	VXORPD(y, y, y)
	return y
}

// shifted returns the lanes of x after the last one or two of the vector before.
func shifted(before, x vec, lanes int) vec {
	middle := YMM()
	VPERM2F128(Imm(0x21), x, before, middle) // the upper half of before, the lower of x
	if lanes == 2 {
		return middle
	}
	y := YMM()
	VSHUFPD(Imm(0x5), x, middle, y)
	return y
}
