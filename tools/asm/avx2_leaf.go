package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// A leaf is 64 words: eight vectors of two halves. Registers hold one half of each.
// Three levels across vectors take one half after the other; 4×4 matrices are
// transposed in place; and three levels within the former vectors take the first four
// of these, then the others. The last three are a loop of their own: rounds
// that do not wait for one another overlap.

// doubleLeaf returns the addresses of a half of eight vectors before the
// transposition.
func doubleLeaf(a gpr, h int) (m [8]Mem) {
	for i := range m {
		m[i] = half(a, i, h)
	}
	return m
}

// doubleLeafTransposed is doubleLeaf after the transposition.
func doubleLeafTransposed(a gpr, h int) (m [8]Mem) {
	for i := range m {
		m[i] = half(a, 4*h+i%4, i/4)
	}
	return m
}

func loadEight(m [8]Mem) (v [8]vec) {
	for i := range v {
		v[i] = loadHalf(m[i])
	}
	return v
}

func storeEight(v [8]vec, m [8]Mem) {
	for i := range v {
		storeHalf(v[i], m[i])
	}
}

// transposeEight transposes the halves of v, each a 4×4 matrix.
func transposeEight(v [8]vec) [8]vec {
	upper, lower := transposeHalf([4]vec(v[:4])), transposeHalf([4]vec(v[4:]))
	return [8]vec(append(upper[:], lower[:]...))
}

func doubleLeaves() {
	const signature = "func(c, lanes, a *uint64, count int, z, y, x, leaf *uint64)"
	kernelOf("avx2", "splitLeaves", signature)
	{
		d := newDoubles(param("c"))
		lanes, a, count := param("lanes"), param("a"), param("count")
		z, y, x, leaf := param("z"), param("y"), param("x"), param("leaf")
		repeat("across", count, func() {
			for h := range 2 {
				v := loadEight(doubleLeaf(a, h))
				f := doubleFactor(z, 0)
				for i := range 4 {
					d.split2(&v[i], &v[4+i], f)
				}
				for i := range 2 {
					f := doubleFactor(y, i)
					d.split2(&v[4*i], &v[4*i+2], f)
					d.split2(&v[4*i+1], &v[4*i+3], f)
				}
				for i := range 4 {
					d.split2(&v[2*i], &v[2*i+1], doubleFactor(x, i))
				}
				storeEight(transposeEight(v), doubleLeaf(a, h))
			}
			ADDQ(U32(leafBytes), a)
			ADDQ(U32(factorBytes), z)
			ADDQ(U32(2*factorBytes), y)
			ADDQ(U32(4*factorBytes), x)
		})
		a, count = param("a"), param("count")
		records := GP64()
		repeat("within", count, func() {
			LEAQ(word(leaf, 8), records)
			for h := range 2 {
				place := doubleLeafTransposed(a, h)
				v := loadEight(place)
				for i := range 3 {
					v[1+i] = d.times(v[1+i], doubleFactor(leaf, i))
				}
				for i := range 4 {
					d.split2(&v[i], &v[4+i], halfFactor(records, i, h))
				}
				for i := range 2 {
					f := halfFactor(lanes, i, h)
					d.split2(&v[4*i], &v[4*i+2], f)
					d.split2(&v[4*i+1], &v[4*i+3], f)
				}
				for i := range 4 {
					d.split2(&v[2*i], &v[2*i+1], halfFactor(lanes, 2+i, h))
				}
				storeEight(v, place)
			}
			ADDQ(U32(leafBytes), a)
			ADDQ(U32(leafRecordBytes), leaf)
		})
		end()
	}

	kernelOf("avx2", "joinLeaves", signature)
	{
		d := newDoubles(param("c"))
		lanes, a, count := param("lanes"), param("a"), param("count")
		z, y, x, leaf := param("z"), param("y"), param("x"), param("leaf")
		records := GP64()
		repeat("within", count, func() {
			LEAQ(word(leaf, 8), records)
			for h := range 2 {
				place := doubleLeafTransposed(a, h)
				v := loadEight(place)
				for i := range 2 {
					f := func(k int) factor { return halfFactorAt(lanes, 6+5*i+k, h) }
					o := d.join4([4]vec(v[4*i:]), f(0), f(0), f(1), f(2))
					copy(v[4*i:], o[:])
				}
				for i := range 4 {
					d.join2(&v[i], &v[4+i], halfFactor(records, i, h))
				}
				d.reduce(v[0])
				for i := range 3 {
					v[1+i] = d.times(v[1+i], doubleFactor(leaf, i))
				}
				storeEight(v, place)
			}
			ADDQ(U32(leafBytes), a)
			ADDQ(U32(leafRecordBytes), leaf)
		})
		a, count = param("a"), param("count")
		repeat("across", count, func() {
			for h := range 2 {
				v := transposeEight(loadEight(doubleLeaf(a, h)))
				for i := range 4 {
					d.join2(&v[2*i], &v[2*i+1], doubleFactor(x, 3-i))
				}
				for i := range 2 {
					f := doubleFactor(y, 1-i)
					d.join2(&v[4*i], &v[4*i+2], f)
					d.join2(&v[4*i+1], &v[4*i+3], f)
				}
				f := doubleFactor(z, 0)
				for i := range 4 {
					d.join2(&v[i], &v[4+i], f)
				}
				d.reduce(v[0])
				d.reduce(v[1])
				storeEight(v, doubleLeaf(a, h))
			}
			ADDQ(U32(leafBytes), a)
			SUBQ(U32(factorBytes), z)
			SUBQ(U32(2*factorBytes), y)
			SUBQ(U32(4*factorBytes), x)
		})
		end()
	}
}
