package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// joiner holds the constants of inverse passes.
type joiner struct{ np, p3, p6, one vec }

func newJoiner(m modulus) joiner {
	return joiner{m.complement(), m.times(3), m.times(6), m.one()}
}

// join4 joins four words below 3p. The first result is their sum, below 12p,
// the others are below 3p.
func (j joiner) join4(x [4]vec, r radix4) [4]vec { return j.join4Above(nil, x, r) }

// join4Above is join4 with k more in the third result.
func (j joiner) join4Above(k vec, x [4]vec, r radix4) [4]vec {
	s0, s1 := add(x[0], x[1]), add(x[2], x[3])
	d0, d1 := sub(add(x[1], j.p3), x[0]), sub(add(x[3], j.p3), x[2]) // < 6p
	e := sub(add(s1, j.p6), s0)                                      // < 12p
	return [4]vec{
		add(s0, s1),
		times2(d0, r.y1, d1, r.y0, j.np),
		timesAbove(k, e, r.z, j.np),
		times2(d0, r.b, d1, r.a, j.np),
	}
}

func joins() {
	kernel("join4", "func(c, a *uint64, quarter, count int, records *uint64)",
		"join4 joins count contiguous blocks of four, with records in descending order.")
	{
		j := newJoiner(modulus{base: param("c")})
		a, quarter, count, record := param("a"), param("quarter"), param("count"), param("records")
		toBytes(quarter)
		repeat("block", count, func() {
			row := rows(a, quarter, 4)
			r := broadcastRadix4(record, 0)
			loop("words", quarter, vectorBytes, func(i gpr) {
				x := j.join4([4]vec{load(at(row[0], i)), load(at(row[1], i)), load(at(row[2], i)), load(at(row[3], i))}, r)
				reduce(x[0], j.one, j.np)
				for k, o := range x {
					store(o, at(row[k], i))
				}
			})
			LEAQ(Mem{Base: a, Index: quarter, Scale: 4}, a)
			SUBQ(U32(recordBytes), record)
		})
		end()
	}

	kernel("join4From", "func(c, dst *uint64, quarter int, src *uint64, stride, n int, record *uint64)",
		"join4From joins four rows to a block, and prefetches the words that follow in the rows.")
	{
		j := newJoiner(modulus{base: param("c")})
		dst, quarter, src, stride := param("dst"), param("quarter"), param("src"), param("stride")
		r := broadcastRadix4(param("record"), 0)
		toBytes(stride)
		toBytes(quarter)
		from, to := rows(src, stride, 4), rows(dst, quarter, 4)
		n, next := param("n"), GP64()
		toBytes(n)
		loop("words", n, vectorBytes, func(i gpr) {
			x := [4]vec{load(at(from[0], i)), load(at(from[1], i)), load(at(from[2], i)), load(at(from[3], i))}
			LEAQ(at(i, n), next)
			for _, row := range from {
				PREFETCHT1(at(row, next))
			}
			x = j.join4(x, r)
			reduce(x[0], j.one, j.np)
			for k, o := range x {
				store(o, at(to[k], i))
			}
		})
		end()
	}

	kernel("join4Lanes", "func(c, a *uint64, quarter int, record *uint64)",
		"join4Lanes is the last pass of a row back: join4 with the powers of the twist of each lane.")
	{
		j := newJoiner(modulus{base: param("c")})
		a, quarter := param("a"), param("quarter")
		g, r := laneRadix4(param("record"))
		toBytes(quarter)
		row := rows(a, quarter, 4)
		loop("words", quarter, vectorBytes, func(i gpr) {
			x := j.join4([4]vec{load(at(row[0], i)), load(at(row[1], i)), load(at(row[2], i)), load(at(row[3], i))}, r)
			x[0] = times(x[0], g, j.np)
			for k, o := range x {
				store(o, at(row[k], i))
			}
		})
		end()
	}
}
