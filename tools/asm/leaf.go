package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// A leaf is a block of 64 words: eight vectors, three levels across them, and
// three within them after a transposition.

const (
	factorBytes     = 2 * 8
	leafBytes       = 8 * vectorBytes
	leafRecordBytes = 8*8 + 4*2*vectorBytes // see the type leafRecord
)

// transpose returns the columns of an 8×8 matrix of words given by its rows.
func transpose(v [8]vec) (t [8]vec) {
	var pair [8]vec
	for i := range 4 {
		pair[2*i], pair[2*i+1] = ZMM(), ZMM()
		VPUNPCKLQDQ(v[2*i+1], v[2*i], pair[2*i])
		VPUNPCKHQDQ(v[2*i+1], v[2*i], pair[2*i+1])
	}
	shuffle := func(x, y vec, order uint64) vec {
		z := ZMM()
		VSHUFI64X2(Imm(order), y, x, z)
		return z
	}
	const even, odd = 0x88, 0xdd
	for c := range 2 {
		low, high := shuffle(pair[c], pair[2+c], even), shuffle(pair[c], pair[2+c], odd)
		low2, high2 := shuffle(pair[4+c], pair[6+c], even), shuffle(pair[4+c], pair[6+c], odd)
		t[c], t[4+c] = shuffle(low, low2, even), shuffle(low, low2, odd)
		t[2+c], t[6+c] = shuffle(high, high2, even), shuffle(high, high2, odd)
	}
	return t
}

// split2 sets x, y to x + f·y and x − f·y, up to 2p more.
func (s splitter) split2(x, y *vec, f factor) {
	difference := copyOf(s.p2)
	lo(difference, *x, s.two)
	addTimes(*x, *y, f, s.np)
	VPSUBQ(*x, difference, difference)
	*y = difference
}

// join2 sets x, y to x + y and (y + k − x)·f, where k is above x.
func join2(x, y *vec, k vec, f factor, np vec) {
	d := sub(add(*y, k), *x)
	*x = add(*x, *y)
	*y = times(d, f, np)
}

func leaves() {
	const signature = "func(c, lanes, a *uint64, count int, z, y, x, leaf *uint64)"
	kernel("splitLeaves", signature, "splitLeaves splits count leaves into single words, in transposed order.")
	{
		s := newSplitter(modulus{base: param("c")})
		lanes, a, count := param("lanes"), param("a"), param("count")
		z, y, x, leaf := param("z"), param("y"), param("x"), param("leaf")
		repeat("leaf", count, func() {
			var v [8]vec
			for i := range v {
				v[i] = load(lane(a, i))
			}
			// Only v[0] is reduced: v[1] rises from 7.67p by 2p a level, twice,
			// to less than 11.67p.
			reduce(v[0], s.one, s.np)
			f := broadcastFactor(z, 0)
			for i := range 4 {
				s.split2(&v[i], &v[4+i], f)
			}
			for i := range 2 {
				f := broadcastFactor(y, i)
				s.split2(&v[4*i], &v[4*i+2], f)
				s.split2(&v[4*i+1], &v[4*i+3], f)
			}
			for i := range 4 {
				s.split2(&v[2*i], &v[2*i+1], broadcastFactor(x, i))
			}
			v = transpose(v)
			reduce(v[0], s.one, s.np)
			for i := range 3 {
				v[1+i] = times(v[1+i], broadcastFactor(leaf, i), s.np)
			}
			records := GP64()
			LEAQ(word(leaf, 8), records)
			for i := range 4 {
				s.split2(&v[i], &v[4+i], laneFactorAt(records, i))
			}
			for i := range 2 {
				f := laneFactorAt(lanes, i)
				s.split2(&v[4*i], &v[4*i+2], f)
				s.split2(&v[4*i+1], &v[4*i+3], f)
			}
			for i := range 4 {
				s.split2(&v[2*i], &v[2*i+1], laneFactorAt(lanes, 2+i))
			}
			for i := range v {
				store(v[i], lane(a, i))
			}
			ADDQ(U32(leafBytes), a)
			ADDQ(U32(factorBytes), z)
			ADDQ(U32(2*factorBytes), y)
			ADDQ(U32(4*factorBytes), x)
			ADDQ(U32(leafRecordBytes), leaf)
		})
		end()
	}

	kernel("joinLeaves", signature, "joinLeaves is the inverse of splitLeaves times 64, with roots in descending order.")
	{
		m := modulus{base: param("c")}
		j, p2, p4 := newJoiner(m), m.times(2), m.times(4)
		lanes, a, count := param("lanes"), param("a"), param("count")
		z, y, x, leaf := param("z"), param("y"), param("x"), param("leaf")
		repeat("leaf", count, func() {
			var v [8]vec
			for i := range v {
				v[i] = load(lane(a, i))
			}
			for i := range 2 {
				f := func(k int) factor { return laneFactorAt(lanes, 6+5*i+k) }
				o := j.join4([4]vec(v[4*i:]), radix4{f(0), f(1), f(2), f(3), f(4)})
				reduce(o[0], j.one, j.np)
				copy(v[4*i:], o[:])
			}
			records := GP64()
			LEAQ(word(leaf, 8), records)
			for i := range 4 { // all below 3p
				join2(&v[i], &v[4+i], j.p3, laneFactorAt(records, i), j.np)
			}
			reduce(v[0], j.one, j.np)
			for i := range 3 {
				v[1+i] = times(v[1+i], broadcastFactor(leaf, i), j.np)
			}
			v = transpose(v) // all below 2p
			for i := range 4 {
				join2(&v[2*i], &v[2*i+1], p2, broadcastFactor(x, 3-i), j.np)
			}
			for i := range 2 {
				f := broadcastFactor(y, 1-i)
				join2(&v[4*i], &v[4*i+2], p4, f, j.np)
				join2(&v[4*i+1], &v[4*i+3], p2, f, j.np)
			}
			reduce(v[0], j.one, j.np)
			reduce(v[4], j.one, j.np)
			f := broadcastFactor(z, 0)
			for i := range 4 {
				k := p2
				if i == 1 {
					k = p4
				}
				join2(&v[i], &v[4+i], k, f, j.np)
				reduce(v[i], j.one, j.np)
			}
			for i := range v {
				store(v[i], lane(a, i))
			}
			ADDQ(U32(leafBytes), a)
			SUBQ(U32(factorBytes), z)
			SUBQ(U32(2*factorBytes), y)
			SUBQ(U32(4*factorBytes), x)
			ADDQ(U32(leafRecordBytes), leaf)
		})
		end()
	}
}
