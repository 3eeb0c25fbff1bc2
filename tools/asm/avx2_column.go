package main

import (
	"strconv"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// parts returns the upper and the lower 32 bits of points: their sum is the point.
// 2^52 in double precision has its bits in the upper half alone.
func (d doubles) parts(m Mem) (high, low vec) {
	x := YMM()
	VMOVDQU(m, x)
	high, low = YMM(), YMM()
	VPSRLQ(Imm(32), x, high)
	VPOR(d.exponent, high, high)
	VSUBPD(d.exponent, high, high)
	VMULPD(d.upper, high, high)
	const upperHalves = 0xaa
	VPBLENDD(Imm(upperHalves), d.exponent, x, low)
	VSUBPD(d.exponent, low, low)
	return high, low
}

// residue returns high + low modulo p, at most .51p.
func (d doubles) residue(high, low vec) vec {
	r := copyOfHalf(high)
	d.reduce(r)
	return plusHalf(r, low)
}

func doubleColumns() {
	kernelOf("avx2", "residues", "func(cs, dst *uint64, plane int, src *uint64, n int)")
	{
		cs, dst, plane, src, n := param("cs"), param("dst"), param("plane"), param("src"), param("n")
		toBytes(plane)
		toBytes(n)
		to := rows(dst, plane, 3)
		loop("points", n, halfBytes, func(i gpr) {
			high, low := doublesAt(cs, 0).parts(at(src, i))
			for k := range to {
				storeHalf(doublesAt(cs, k).residue(high, low), at(to[k], i))
			}
		})
		end()
	}

	kernelOf("avx2", "first4", "func(cs, dst *uint64, plane, quarter int, src0, src1 *uint64, n int)")
	{
		cs, dst, plane, quarter := param("cs"), param("dst"), param("plane"), param("quarter")
		src0, src1, n := param("src0"), param("src1"), param("n")
		for _, x := range []gpr{plane, quarter, n} {
			toBytes(x)
		}
		to := rows(dst, quarter, 4)
		offset := GP64()
		loop("points", n, halfBytes, func(i gpr) {
			LEAQ(at(i, n), offset)
			PREFETCHT1(at(src0, offset))
			PREFETCHT1(at(src1, offset))
			x, xLow := doublesAt(cs, 0).parts(at(src0, i))
			y, yLow := doublesAt(cs, 0).parts(at(src1, i))
			MOVQ(i, offset)
			for k := range 3 {
				d := doublesAt(cs, k)
				a0, a1 := d.residue(x, xLow), d.residue(y, yLow)
				storeHalf(plusHalf(a0, a1), at(to[0], offset))
				storeHalf(lessHalf(a0, a1), at(to[1], offset))
				d.split2(&a0, &a1, d.i)
				storeHalf(a0, at(to[2], offset))
				storeHalf(a1, at(to[3], offset))
				ADDQ(plane, offset)
			}
		})
		end()
	}

	kernelOf("avx2", "first8", "func(cs, records, dst *uint64, plane, eighth int, src0, src1, src2, src3 *uint64, n int)")
	{
		cs, record, dst := param("cs"), param("records"), param("dst")
		src := []gpr{param("src0"), param("src1"), param("src2"), param("src3")}
		eighth := param("eighth")
		toBytes(eighth)
		thrice := GP64()
		LEAQ(Mem{Base: eighth, Index: eighth, Scale: 2}, thrice)
		for k := range 3 {
			d := newDoubles(cs)
			z, y0, y1 := doubleRadix4(record)
			upper, lower := GP64(), GP64()
			MOVQ(dst, upper)
			LEAQ(at(dst, thrice), lower)
			n := param("n")
			toBytes(n)
			loop("points"+strconv.Itoa(k), n, halfBytes, func(i gpr) {
				var x [4]vec
				for q := range x {
					x[q] = d.residue(d.parts(at(src[q], i)))
				}
				s0, s1 := plusHalf(x[0], x[2]), plusHalf(x[1], x[3])
				storeHalf(plusHalf(s0, s1), Mem{Base: upper})
				storeHalf(lessHalf(s0, s1), at(upper, eighth))
				d0, d1 := lessHalf(x[0], x[2]), lessHalf(x[1], x[3])
				d.split2(&d0, &d1, d.i)
				storeHalf(d0, Mem{Base: upper, Index: eighth, Scale: 2})
				storeHalf(d1, at(upper, thrice))
				x = d.split4(x, z, y0, y1)
				storeHalf(x[0], at(lower, eighth))
				storeHalf(x[1], Mem{Base: lower, Index: eighth, Scale: 2})
				storeHalf(x[2], Mem{Base: upper, Index: thrice, Scale: 2})
				storeHalf(x[3], Mem{Base: lower, Index: eighth, Scale: 4})
				ADDQ(U32(halfBytes), upper)
				ADDQ(U32(halfBytes), lower)
			})
			if k < 2 {
				plane := param("plane")
				LEAQ(Mem{Base: dst, Index: plane, Scale: 8}, dst)
				ADDQ(U32(doublesBytes), cs)
				ADDQ(U32(recordBytes), record)
			}
		}
		end()
	}

	kernelOf("avx2", "split2", "func(c, low, high *uint64, n int, f *uint64)")
	{
		d := newDoubles(param("c"))
		low, high, n := param("low"), param("high"), param("n")
		f := doubleFactor(param("f"), 0)
		toBytes(n)
		loop("words", n, halfBytes, func(i gpr) {
			x, y := loadHalf(at(low, i)), loadHalf(at(high, i))
			d.reduce(x)
			d.split2(&x, &y, f)
			storeHalf(x, at(low, i))
			storeHalf(y, at(high, i))
		})
		end()
	}

	kernelOf("avx2", "join2", "func(c, low, high *uint64, n int, f *uint64)")
	{
		d := newDoubles(param("c"))
		low, high, n := param("low"), param("high"), param("n")
		f := doubleFactor(param("f"), 0)
		toBytes(n)
		loop("words", n, halfBytes, func(i gpr) {
			x, y := loadHalf(at(low, i)), loadHalf(at(high, i))
			d.join2(&x, &y, f)
			d.reduce(x)
			storeHalf(x, at(low, i))
			storeHalf(y, at(high, i))
		})
		end()
	}

	kernelOf("avx2", "linear2", "func(c, dst, x, y *uint64, n int, f *uint64)")
	{
		d := newDoubles(param("c"))
		dst, x, y, n := param("dst"), param("x"), param("y"), param("n")
		base := param("f")
		f, g := doubleFactor(base, 0), doubleFactor(base, 1)
		toBytes(n)
		loop("words", n, halfBytes, func(i gpr) {
			u := d.times(loadHalf(at(x, i)), f)
			storeHalf(plusHalf(u, d.times(loadHalf(at(y, i)), g)), at(dst, i))
		})
		end()
	}
}
