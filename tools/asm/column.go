package main

import (
	"strconv"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// foldBits is where a point of up to 64 bits is folded to make a residue.
const foldBits = 50

// residue returns x modulo p, below 3.6p for x below 10^19: 2^50 is about 3p.
func residue(low, high, fold vec) vec {
	r := copyOf(low)
	lo(r, high, fold)
	return r
}

func columns() {
	kernel("residues", "func(cs, dst *uint64, plane int, src *uint64, n int)",
		"residues reduces n points to residues for each prime, plane words apart.")
	{
		cs, dst, plane, src, n := param("cs"), param("dst"), param("plane"), param("src"), param("n")
		toBytes(plane)
		toBytes(n)
		to := rows(dst, plane, 3)
		keep := constant(1<<foldBits - 1)
		var fold [3]vec
		for k := range fold {
			fold[k] = modulusAt(cs, k).fold()
		}
		loop("points", n, vectorBytes, func(i gpr) {
			x := load(at(src, i))
			low, high := and(x, keep), shiftRight(x, foldBits)
			for k := range fold {
				store(residue(low, high, fold[k]), at(to[k], i))
			}
		})
		end()
	}

	kernel("first4", "func(cs, dst *uint64, plane, quarter int, src0, src1 *uint64, n int)",
		"first4 calculates two levels of columns whose upper half is 0, from points.")
	{
		cs, dst, plane, quarter := param("cs"), param("dst"), param("plane"), param("quarter")
		src0, src1, n := param("src0"), param("src1"), param("n")
		for _, x := range []gpr{plane, quarter, n} {
			toBytes(x)
		}
		to := rows(dst, quarter, 4)
		keep := constant(1<<foldBits - 1)
		offset := GP64()
		loop("points", n, vectorBytes, func(i gpr) {
			x, y := load(at(src0, i)), load(at(src1, i))
			LEAQ(at(i, n), offset)
			PREFETCHT1(at(src0, offset))
			PREFETCHT1(at(src1, offset))
			x0, x1, y0, y1 := and(x, keep), shiftRight(x, foldBits), and(y, keep), shiftRight(y, foldBits)
			MOVQ(i, offset)
			for k := range 3 {
				m := modulusAt(cs, k)
				a0, a1 := residue(x0, x1, m.fold()), residue(y0, y1, m.fold())
				store(add(a0, a1), at(to[0], offset))
				store(sub(add(a0, m.times(4)), a1), at(to[1], offset))
				o2, o3 := plusMinus(a0, times(a1, m.i(), m.complement()), m.times(2))
				store(o2, at(to[2], offset))
				store(o3, at(to[3], offset))
				ADDQ(plane, offset)
			}
		})
		end()
	}

	kernel("first8", "func(cs, records, dst *uint64, plane, eighth int, src0, src1, src2, src3 *uint64, n int)",
		"first8 calculates three levels of columns whose upper half is 0, from points.")
	{
		cs, records, dst := param("cs"), param("records"), param("dst")
		src := []gpr{param("src0"), param("src1"), param("src2"), param("src3")}
		eighth := param("eighth")
		toBytes(eighth)
		thrice := GP64()
		LEAQ(Mem{Base: eighth, Index: eighth, Scale: 2}, thrice)
		keep := constant(1<<foldBits - 1)
		for k := range 3 {
			m := modulusAt(cs, k)
			s, fold, root := newSplitter(m), m.fold(), m.i()
			r := broadcastRadix4(records, k)
			d, e := GP64(), GP64()
			MOVQ(dst, d)
			LEAQ(at(dst, thrice), e)
			n := param("n")
			toBytes(n)
			loop("points"+strconv.Itoa(k), n, vectorBytes, func(i gpr) {
				var x [4]vec
				for q := range x {
					p := load(at(src[q], i))
					x[q] = residue(and(p, keep), shiftRight(p, foldBits), fold)
					reduce(x[q], s.one, s.np) // < 1.3p
				}
				s0, s1 := add(x[0], x[2]), add(x[1], x[3])
				d0, d1 := sub(add(x[0], s.p2), x[2]), sub(add(x[1], s.p2), x[3])
				store(add(s0, s1), Mem{Base: d})
				store(sub(add(s0, s.p4), s1), at(d, eighth))
				o2, o3 := plusMinus(d0, times(d1, root, s.np), s.p2)
				store(o2, Mem{Base: d, Index: eighth, Scale: 2})
				store(o3, at(d, thrice))
				z := s.split4(x, r)
				store(z[0], at(e, eighth))
				store(z[1], Mem{Base: e, Index: eighth, Scale: 2})
				store(z[2], Mem{Base: d, Index: thrice, Scale: 2})
				store(z[3], Mem{Base: e, Index: eighth, Scale: 4})
				ADDQ(U32(vectorBytes), d)
				ADDQ(U32(vectorBytes), e)
			})
			if k < 2 {
				plane := param("plane")
				LEAQ(Mem{Base: dst, Index: plane, Scale: 8}, dst)
			}
		}
		end()
	}

	kernel("split2", "func(c, low, high *uint64, n int, f *uint64)", "split2 splits a block into two.")
	{
		s := newSplitter(modulus{base: param("c")})
		low, high, n := param("low"), param("high"), param("n")
		f := broadcastFactor(param("f"), 0)
		toBytes(n)
		loop("words", n, vectorBytes, func(i gpr) {
			x, y := load(at(low, i)), load(at(high, i))
			reduce(x, s.one, s.np)
			sum, difference := plusMinus(x, times(y, f, s.np), s.p2)
			store(sum, at(low, i))
			store(difference, at(high, i))
		})
		end()
	}

	kernel("join2", "func(c, low, high *uint64, n int, f *uint64)", "join2 joins two blocks, with the negative inverse root.")
	{
		j := newJoiner(modulus{base: param("c")})
		low, high, n := param("low"), param("high"), param("n")
		f := broadcastFactor(param("f"), 0)
		toBytes(n)
		loop("words", n, vectorBytes, func(i gpr) {
			x, y := load(at(low, i)), load(at(high, i))
			sum, difference := add(x, y), sub(add(y, j.p3), x)
			reduce(sum, j.one, j.np)
			store(sum, at(low, i))
			store(times(difference, f, j.np), at(high, i))
		})
		end()
	}

	kernel("linear2", "func(c, dst, x, y *uint64, n int, f *uint64)", "linear2 sets dst to f[0]·x + f[1]·y.")
	{
		np := modulus{base: param("c")}.complement()
		dst, x, y, n := param("dst"), param("x"), param("y"), param("n")
		base := param("f")
		f, g := broadcastFactor(base, 0), broadcastFactor(base, 1)
		toBytes(n)
		loop("words", n, vectorBytes, func(i gpr) {
			store(times2(load(at(x, i)), f, load(at(y, i)), g, np), at(dst, i))
		})
		end()
	}
}

// modulusAt is the k-th modulus of an array.
func modulusAt(base gpr, k int) modulus { return modulus{base, k * modulusWords} }
