package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

const wordDigits = 19

// eightDigits returns the text of x, below 10^8, in each lane, first digit in the
// lowest byte. It divides two halves of four digits, then four of two, side by
// side; the reciprocals are exact in these ranges.
type digitSplitter struct{ by1e4, e4, by100, hundred, by10, ten, zeros vec }

func newDigitSplitter() digitSplitter {
	each32 := func(x uint64) vec { return constant(x<<32 | x) }
	each16 := func(x uint64) vec { return each32(x<<16 | x) }
	return digitSplitter{
		by1e4: constant(3518437209), e4: constant(10_000), // 2^45/10^4
		by100: each32(10486), hundred: each32(100), // 2^20/100
		by10: each16(6554), ten: each16(10), // 2^16/10
		zeros: constant(0x3030303030303030),
	}
}

func (s digitSplitter) eight(x vec) vec {
	high, low := ZMM(), ZMM()
	VPMULUDQ(s.by1e4, x, high)
	VPSRLQ(Imm(45), high, high)
	VPMULUDQ(s.e4, high, low)
	VPSUBQ(low, x, low)
	VPSLLQ(Imm(32), low, low)
	x = add(high, low) // two of four digits

	high, low = ZMM(), ZMM()
	VPMULHUW(s.by100, x, high)
	VPSRLD(Imm(4), high, high)
	VPMULLW(s.hundred, high, low)
	VPSUBD(low, x, low)
	VPSLLD(Imm(16), low, low)
	x = add(high, low) // four of two

	high, low = ZMM(), ZMM()
	VPMULHUW(s.by10, x, high)
	VPMULLW(s.ten, high, low)
	VPSUBW(low, x, low)
	VPSLLW(Imm(8), low, low)
	return or(add(high, low), s.zeros)
}

// text writes the digits of words from the end of the text to its beginning.
func text() {
	kernel("text", "func(last *byte, words *uint64, count int)",
		"text writes count words, a multiple of 8, in ascending order of significance, as 19 digits each, the last to *last.")
	to, from, count := param("last"), param("words"), param("count")
	INCQ(to)
	SHRQ(Imm(3), count)
	s := newDigitSplitter()
	e8 := constant(100_000_000)
	const reciprocal = (1 << 78) / 100_000_000
	by1e8, by1e8Again := constant(reciprocal), constant(reciprocal+1)
	one := constant(1)
	by100, hundred := constant(656), constant(100) // 2^16/100, for less than 1000
	by10, ten := constant(205), constant(10)       // 2^11/10, for less than 100
	zeros := constant(0x303030)
	room := AllocLocal(3 * vectorBytes)
	repeat("eight", count, func() {
		x := load(Mem{Base: from})
		// x = q·10^8 + low: the quotient is right or one too small.
		q := zero()
		hi(q, shiftRight(x, 12), by1e8)
		VPSRLQ(Imm(14), q, q)
		low, part := ZMM(), ZMM()
		VPMULUDQ(e8, q, low)
		VPSRLQ(Imm(32), q, part)
		VPMULUDQ(e8, part, part)
		VPSLLQ(Imm(32), part, part)
		VPADDQ(part, low, low)
		VPSUBQ(low, x, low)
		over := K()
		VPCMPUQ(Imm(notLess), e8, low, over)
		VPSUBQ(e8, low, over, low)
		VPADDQ(one, q, over, q)
		// q = top·10^8 + middle, below 10^11.
		top, middle := zero(), ZMM()
		hi(top, q, by1e8Again)
		VPSRLQ(Imm(26), top, top)
		VPMULUDQ(e8, top, middle)
		VPSUBQ(middle, q, middle)

		hundreds, tens, rest := ZMM(), ZMM(), ZMM()
		VPMULUDQ(by100, top, hundreds)
		VPSRLQ(Imm(16), hundreds, hundreds)
		VPMULUDQ(hundred, hundreds, rest)
		VPSUBQ(rest, top, rest)
		VPMULUDQ(by10, rest, tens)
		VPSRLQ(Imm(11), tens, tens)
		ones := ZMM()
		VPMULUDQ(ten, tens, ones)
		VPSUBQ(ones, rest, ones)
		three := or(or(hundreds, shiftLeft(tens, 8)), or(shiftLeft(ones, 16), zeros))

		store(three, room)
		store(s.eight(middle), room.Offset(vectorBytes))
		store(s.eight(low), room.Offset(2*vectorBytes))
		a, b, c := GP64(), GP64(), GP64()
		for i := range 8 {
			MOVQ(room.Offset(8*i), a)
			MOVQ(room.Offset(vectorBytes+8*i), b)
			MOVQ(room.Offset(2*vectorBytes+8*i), c)
			start := -wordDigits * (i + 1)
			MOVL(a.As32(), Mem{Base: to, Disp: start}) // one byte more, which b's first replaces
			MOVQ(b, Mem{Base: to, Disp: start + 3})
			MOVQ(c, Mem{Base: to, Disp: start + 11})
		}
		SUBQ(U32(8*wordDigits), to)
		ADDQ(U32(vectorBytes), from)
	})
	end()
}
