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

// several is a register of each of the leaves that are transformed side by side, operation by
// operation.
type several []vec

// timesAbove is timesAbove of each, f(n) being the factor of the n-th.
func (x several) timesAbove(k vec, f func(n int) factor, np vec) several {
	q, r := make(several, len(x)), make(several, len(x))
	for n := range x {
		q[n] = zero()
		hi(q[n], x[n], f(n).q)
	}
	for n := range x {
		r[n] = copyOrZero(k)
		lo(r[n], x[n], f(n).w)
	}
	for n := range x {
		lo(r[n], q[n], np)
	}
	return r
}

// split2 sets x, y to x + f·y and x + k − f·y. k is 2p, or nil for 0 if x is not below 2p.
func (s splitter) split2(x, y several, f func(n int) factor, k vec) {
	for n, t := range y.timesAbove(nil, f, s.np) {
		x[n], y[n] = plusMinus(x[n], t, k)
	}
}

// join2 sets x, y to x + y and (y + k − x)·f + l. k is not below x, or nil for 0 if y is not; l
// is nil for 0.
func (j joiner) join2(x, y several, k vec, f func(n int) factor, l vec) {
	d := make(several, len(x))
	for n := range x {
		d[n] = y[n]
		if k != nil {
			d[n] = add(d[n], k)
		}
		d[n] = sub(d[n], x[n])
		x[n] = add(x[n], y[n])
	}
	copy(y, d.timesAbove(l, f, j.np))
}

// leafRoots are the addresses of what is not the same for all leaves: the roots of the three
// levels across vectors, which follow those of the leaf before in a direction, 1 or −1, and the record.
type leafRoots struct {
	z, y, x, leaf gpr
	direction     int
}

// level returns the i-th root of each leaf on a level, 0 to 2, in its direction.
func (r leafRoots) level(level, i int) func(n int) factor {
	return func(n int) factor { return factorAt([]gpr{r.z, r.y, r.x}[level], r.direction*n<<level+i) }
}

// twist returns the i-th factor of the twist of each leaf.
func (r leafRoots) twist(i int) func(n int) factor {
	return func(n int) factor { return factorAt(r.leaf, n*leafRecordBytes/factorBytes+i) }
}

// lanes returns the i-th root of each leaf on the first level within vectors.
func (r leafRoots) lanes(i int) func(n int) factor {
	return func(n int) factor {
		const twistWords = 8
		at := n*leafRecordBytes/8 + twistWords + 16*i
		return factor{word(r.leaf, at), word(r.leaf, at+8)}
	}
}

// next advances by leaves.
func (r leafRoots) next(leaves int) {
	for level, address := range []gpr{r.z, r.y, r.x} {
		ADDQ(I32(r.direction*leaves*factorBytes<<level), address)
	}
	ADDQ(U32(leaves*leafRecordBytes), r.leaf)
}

// same returns the i-th root at base of the other levels within vectors, for all leaves.
func same(base gpr, i int) func(int) factor {
	return func(int) factor { return laneFactorAt(base, i) }
}

// leafKernel generates a kernel of leaves from prepare, which loads constants and returns what
// transforms some leaves, given as eight registers. It transforms two at a time, so that one
// fills the latencies of the other, and the last of an odd number alone.
func leafKernel(name, doc string, direction int, prepare func(m modulus) func(v [8]several, lanes gpr, r leafRoots)) {
	kernel(name, "func(c, lanes, a *uint64, count int, z, y, x, leaf *uint64)", doc)
	transform := prepare(modulus{base: param("c")})
	lanes, a, count := param("lanes"), param("a"), param("count")
	r := leafRoots{param("z"), param("y"), param("x"), param("leaf"), direction}
	group := func(size int) {
		var v [8]several
		for n := range size {
			for i := range v {
				v[i] = append(v[i], load(lane(a, 8*n+i)))
			}
		}
		transform(v, lanes, r)
		for n := range size {
			for i := range v {
				store(v[i][n], lane(a, 8*n+i))
			}
		}
		ADDQ(U32(size*leafBytes), a)
		r.next(size)
	}
	SUBQ(Imm(2), count)
	JB(LabelRef("last"))
	Label("pair")
	group(2)
	SUBQ(Imm(2), count)
	JAE(LabelRef("pair"))
	Label("last")
	ADDQ(Imm(2), count)
	JZ(LabelRef("end"))
	group(1)
	Label("end")
	end()
}

// transposeEach transposes each leaf.
func transposeEach(v [8]several) {
	for n := range v[0] {
		var leaf [8]vec
		for i := range v {
			leaf[i] = v[i][n]
		}
		for i, x := range transpose(leaf) {
			v[i][n] = x
		}
	}
}

func leaves() {
	leafKernel("splitLeaves", "splitLeaves splits count leaves into single words, in transposed order.", 1,
		func(m modulus) func(v [8]several, lanes gpr, r leafRoots) {
			s, negK := newSplitter(m), minus(4)
			return func(v [8]several, lanes gpr, r leafRoots) { s.splitLeaves(v, negK, lanes, r) }
		})
	leafKernel("joinLeaves", "joinLeaves is the inverse of splitLeaves times 64, with roots in descending order.", -1,
		func(m modulus) func(v [8]several, lanes gpr, r leafRoots) {
			j, p2, negK := newJoiner(m), m.times(2), minus(2)
			return func(v [8]several, lanes gpr, r leafRoots) { j.joinLeaves(v, p2, negK, lanes, r) }
		})
}

// splitLeaves splits leaves. Only v[0] is reduced, to at least 4p. What levels subtract from is
// then at least 2p, but where 2p are added. negK is −4. docs/engine.md has the bounds.
func (s splitter) splitLeaves(v [8]several, negK vec, lanes gpr, r leafRoots) {
	for _, x := range v[0] {
		reduceAbove(negK, x, s.one, s.np)
	}
	for i, k := range []vec{nil, s.p2, s.p2, s.p2} {
		s.split2(v[i], v[4+i], r.level(0, 0), k)
	}
	for block := range 2 {
		for i, k := range []vec{nil, s.p2} {
			s.split2(v[4*block+i], v[4*block+i+2], r.level(1, block), k)
		}
	}
	for block, k := range []vec{nil, nil, nil, s.p2} {
		s.split2(v[2*block], v[2*block+1], r.level(2, block), k)
	}
	transposeEach(v)
	for _, x := range v[0] {
		reduceAbove(negK, x, s.one, s.np)
	}
	for i, k := range []vec{s.p4, s.p2, s.p2} {
		copy(v[1+i], v[1+i].timesAbove(k, r.twist(i), s.np))
	}
	for i := range 4 {
		s.split2(v[i], v[4+i], r.lanes(i), nil)
	}
	for block := range 2 {
		for i := range 2 {
			s.split2(v[4*block+i], v[4*block+i+2], same(lanes, block), nil)
		}
	}
	for block, k := range []vec{nil, nil, nil, s.p2} {
		s.split2(v[2*block], v[2*block+1], same(lanes, 2+block), k)
	}
}

// joinLeaves joins leaves. Where a product or a reduction yields a minuend, it begins with 2p: the
// difference needs no k. negK is −2.
func (j joiner) joinLeaves(v [8]several, p2, negK vec, lanes gpr, r leafRoots) {
	for block, above := range []struct{ k, negK vec }{{}, {p2, negK}} {
		root := func(i int) factor { return laneFactorAt(lanes, 6+5*block+i) }
		roots := radix4{root(0), root(1), root(2), root(3), root(4)}
		half := v[4*block:][:4]
		for n := range v[0] {
			x := [4]vec{half[0][n], half[1][n], half[2][n], half[3][n]}
			x = j.join4Above(above.k, x, roots)
			reduceAbove(above.negK, x[0], j.one, j.np)
			for i := range half {
				half[i][n] = x[i]
			}
		}
	}
	for i, k := range []vec{nil, j.p3, nil, j.p3} {
		j.join2(v[i], v[4+i], k, r.lanes(i), nil)
	}
	for _, x := range v[0] {
		reduce(x, j.one, j.np)
	}
	for i := range 3 {
		copy(v[1+i], v[1+i].timesAbove(nil, r.twist(i), j.np))
	}
	transposeEach(v) // all below 1.5p
	for block, l := range []vec{nil, p2, nil, p2} {
		j.join2(v[2*block], v[2*block+1], p2, r.level(2, 3-block), l)
	}
	for block := range 2 {
		for i, k := range []vec{j.p3, nil} {
			j.join2(v[4*block+i], v[4*block+i+2], k, r.level(1, 1-block), nil)
		}
	}
	for i, k := range []vec{j.p6, j.p6, p2, p2} {
		j.join2(v[i], v[4+i], k, r.level(0, 0), nil)
	}
	for i := range 2 { // the others are below 3p
		for _, x := range v[i] {
			reduce(x, j.one, j.np)
		}
	}
}
