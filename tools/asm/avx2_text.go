package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// The vectors of the type textConstants of the package.
const (
	textRounder  = halfBytes * iota // 1.5·2^52
	textExponent                    // 2^52
	textUpper                       // 2^32
	textE8                          // 10^8
	textPerE8                       // 10^−8
	textDigits                      // those of eightHalf
)

// eightHalf is digitSplitter.eight for four numbers. The constants are by1e4, e4,
// by100, hundred, by10, ten and zeros.
func eightHalf(constant func(i int) Mem, x vec) vec {
	high, low := YMM(), YMM()
	VPMULUDQ(constant(0), x, high)
	VPSRLQ(Imm(45), high, high)
	VPMULUDQ(constant(1), high, low)
	VPSUBQ(low, x, low)
	VPSLLQ(Imm(32), low, low)
	VPADDQ(low, high, x) // two of four digits

	high, low = YMM(), YMM()
	VPMULHUW(constant(2), x, high)
	VPSRLD(Imm(4), high, high)
	VPMULLW(constant(3), high, low)
	VPSUBD(low, x, low)
	VPSLLD(Imm(16), low, low)
	VPADDQ(low, high, x) // four of two

	high, low = YMM(), YMM()
	VPMULHUW(constant(4), x, high)
	VPMULLW(constant(5), high, low)
	VPSUBW(low, x, low)
	VPSLLW(Imm(8), low, low)
	VPADDQ(low, high, x)
	VPOR(constant(6), x, x)
	return x
}

// doubleText writes the digits of words from the end of the text to its beginning.
func doubleText() {
	kernelOf("avx2", "text", "func(c *uint64, last *byte, words *uint64, count int)")
	base, to, from, count := param("c"), param("last"), param("words"), param("count")
	INCQ(to)
	SHRQ(Imm(2), count)
	constant := func(i int) Mem { return Mem{Base: base, Disp: i} }
	digits := func(i int) Mem { return constant(textDigits + halfBytes*i) }
	e8, perE8, none := loadHalf(constant(textE8)), loadHalf(constant(textPerE8)), YMM()
	VXORPD(none, none, none)
	d := doubles{rounder: loadHalf(constant(textRounder)), p: e8, exponent: loadHalf(constant(textExponent)), upper: constant(textUpper)}
	one := YMM()
	VDIVPD(d.exponent, d.exponent, one)
	// notNegative makes the rest of a division by 10^8 at least 0, and the quotient
	// one less where that takes it.
	notNegative := func(rest, quotient vec) {
		more, less := YMM(), YMM()
		VBLENDVPD(rest, e8, none, more)
		VBLENDVPD(rest, one, none, less)
		VADDPD(more, rest, rest)
		VSUBPD(less, quotient, quotient)
	}
	room := AllocLocal(3 * halfBytes)
	repeat("four", count, func() {
		high, low := d.parts(Mem{Base: from})
		sum := plusHalf(high, low)
		q := d.quotient(sum, perE8)
		VFNMADD231PD(e8, q, high) // exact, as the difference is below 2^33
		VADDPD(low, high, low)    // x − q·10^8
		notNegative(low, q)

		top := d.quotient(q, perE8)
		VFNMADD231PD(e8, top, q)
		notNegative(q, top)

		for i, part := range []vec{top, q, low} {
			VADDPD(d.exponent, part, part)
			VXORPD(d.exponent, part, part)
			x := eightHalf(digits, part)
			if i == 0 {
				VPSRLQ(Imm(40), x, x) // the last three digits
			}
			VMOVDQU(x, room.Offset(halfBytes*i))
		}
		a, b, c := GP64(), GP64(), GP64()
		for i := range 4 {
			MOVQ(room.Offset(8*i), a)
			MOVQ(room.Offset(halfBytes+8*i), b)
			MOVQ(room.Offset(2*halfBytes+8*i), c)
			start := -wordDigits * (i + 1)
			MOVL(a.As32(), Mem{Base: to, Disp: start}) // one byte more, which b's first replaces
			MOVQ(b, Mem{Base: to, Disp: start + 3})
			MOVQ(c, Mem{Base: to, Disp: start + 11})
		}
		SUBQ(U32(4*wordDigits), to)
		ADDQ(U32(halfBytes), from)
	})
	end()
}
