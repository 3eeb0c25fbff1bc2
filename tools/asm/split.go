package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// radix4 holds the constants of two levels: z, y0, y1, y0·z and −y1·z.
type radix4 struct{ z, y0, y1, a, b factor }

const recordBytes = 10 * 8

// broadcastRadix4 returns the i-th record at base, for all lanes.
func broadcastRadix4(base gpr, i int) radix4 {
	var f [5]factor
	for k := range f {
		f[k] = broadcastFactor(base, 5*i+k)
	}
	return radix4{f[0], f[1], f[2], f[3], f[4]}
}

func laneRadix4(record gpr) (g factor, r radix4) {
	var f [6]factor
	for i := range f {
		f[i] = laneFactor(record, i)
	}
	return f[0], radix4{f[1], f[2], f[3], f[4], f[5]}
}

// splitter holds the constants of forward passes.
type splitter struct{ np, p2, p4, one vec }

func newSplitter(m modulus) splitter {
	return splitter{m.complement(), m.times(2), m.times(4), m.one()}
}

// split4 splits x[0] … x[3], of which the first is below 2p and the others
// below 8p, into four below 7.67p.
func (s splitter) split4(x [4]vec, r radix4) (o [4]vec) {
	t := times(x[2], r.z, s.np)              // < 1.67p
	u := times2(x[1], r.y0, x[3], r.a, s.np) // < 3.34p
	v := times2(x[1], r.y1, x[3], r.b, s.np) // < 3.34p
	b0, b2 := plusMinus(x[0], t, s.p2)       // < 3.34p, 3.67p
	o[0], o[1] = plusMinus(b0, u, s.p4)
	o[2], o[3] = plusMinus(b2, v, s.p4)
	return o
}

func splits() {
	kernel("split4", "func(c, a *uint64, quarter, count int, records *uint64)",
		"split4 splits count contiguous blocks into four each.")
	{
		s := newSplitter(modulus{base: param("c")})
		a, quarter, count, record := param("a"), param("quarter"), param("count"), param("records")
		toBytes(quarter)
		repeat("block", count, func() {
			row := rows(a, quarter, 4)
			r := broadcastRadix4(record, 0)
			loop("words", quarter, vectorBytes, func(i gpr) {
				x := [4]vec{load(at(row[0], i)), load(at(row[1], i)), load(at(row[2], i)), load(at(row[3], i))}
				reduce(x[0], s.one, s.np)
				for k, o := range s.split4(x, r) {
					store(o, at(row[k], i))
				}
			})
			LEAQ(Mem{Base: a, Index: quarter, Scale: 4}, a)
			ADDQ(U32(recordBytes), record)
		})
		end()
	}

	kernel("split4To", "func(c, dst *uint64, stride int, src *uint64, quarter, n int, record *uint64)",
		"split4To splits a block into four rows, and prefetches the words that follow in the block.")
	{
		s := newSplitter(modulus{base: param("c")})
		dst, stride, src, quarter := param("dst"), param("stride"), param("src"), param("quarter")
		r := broadcastRadix4(param("record"), 0)
		toBytes(stride)
		toBytes(quarter)
		from, to := rows(src, quarter, 4), rows(dst, stride, 4)
		n, next := param("n"), GP64()
		toBytes(n)
		loop("words", n, vectorBytes, func(i gpr) {
			x := [4]vec{load(at(from[0], i)), load(at(from[1], i)), load(at(from[2], i)), load(at(from[3], i))}
			LEAQ(at(i, n), next)
			for _, row := range to {
				PREFETCHT1(at(row, next))
			}
			reduce(x[0], s.one, s.np)
			for k, o := range s.split4(x, r) {
				store(o, at(to[k], i))
			}
		})
		end()
	}

	kernel("split4Lanes", "func(c, a *uint64, quarter int, record *uint64)",
		"split4Lanes is the first pass of a row: split4 with the powers of the twist of each lane.")
	{
		s := newSplitter(modulus{base: param("c")})
		a, quarter := param("a"), param("quarter")
		g, r := laneRadix4(param("record"))
		toBytes(quarter)
		row := rows(a, quarter, 4)
		loop("words", quarter, vectorBytes, func(i gpr) {
			x := [4]vec{load(at(row[0], i)), load(at(row[1], i)), load(at(row[2], i)), load(at(row[3], i))}
			x[0] = times(x[0], g, s.np)
			for k, o := range s.split4(x, r) {
				store(o, at(row[k], i))
			}
		})
		end()
	}
}
