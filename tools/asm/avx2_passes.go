package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// doubleRadix4 returns z, y0 and y1 of the record at base.
func doubleRadix4(base gpr) (z, y0, y1 factor) {
	return doubleFactor(base, 0), doubleFactor(base, 1), doubleFactor(base, 2)
}

// loadRows loads a word of each of four rows.
func loadRows(row []gpr, i gpr) (x [4]vec) {
	for k := range x {
		x[k] = loadHalf(at(row[k], i))
	}
	return x
}

func storeRows(x [4]vec, row []gpr, i gpr) {
	for k := range x {
		storeHalf(x[k], at(row[k], i))
	}
}

func doublePasses() {
	kernelOf("avx2", "split4", "func(c, a *uint64, quarter, count int, records *uint64)")
	{
		d := newDoubles(param("c"))
		a, quarter, count, record := param("a"), param("quarter"), param("count"), param("records")
		toBytes(quarter)
		repeat("block", count, func() {
			row := rows(a, quarter, 4)
			z, y0, y1 := doubleRadix4(record)
			loop("words", quarter, halfBytes, func(i gpr) {
				x := loadRows(row, i)
				d.reduce(x[0])
				storeRows(d.split4(x, z, y0, y1), row, i)
			})
			LEAQ(Mem{Base: a, Index: quarter, Scale: 4}, a)
			ADDQ(U32(recordBytes), record)
		})
		end()
	}

	kernelOf("avx2", "split4To", "func(c, dst *uint64, stride int, src *uint64, quarter, n int, record *uint64)")
	{
		d := newDoubles(param("c"))
		dst, stride, src, quarter := param("dst"), param("stride"), param("src"), param("quarter")
		z, y0, y1 := doubleRadix4(param("record"))
		toBytes(stride)
		toBytes(quarter)
		from, to := rows(src, quarter, 4), rows(dst, stride, 4)
		n, next := param("n"), GP64()
		toBytes(n)
		loop("words", n, halfBytes, func(i gpr) {
			x := loadRows(from, i)
			LEAQ(at(i, n), next)
			for _, row := range to {
				PREFETCHT1(at(row, next))
			}
			d.reduce(x[0])
			storeRows(d.split4(x, z, y0, y1), to, i)
		})
		end()
	}

	// Both halves of the lanes have constants of their own; z alone is the same for
	// all lanes where it multiplies before the twist.
	kernelOf("avx2", "split4Lanes", "func(c, a *uint64, quarter int, record *uint64)")
	{
		d := newDoubles(param("c"))
		a, quarter, record := param("a"), param("quarter"), param("record")
		toBytes(quarter)
		row := rows(a, quarter, 4)
		z := sameInLanes(record)
		loop("words", quarter, vectorBytes, func(i gpr) {
			for h := range 2 {
				x := loadRows(row, i)
				f := func(k int) factor { return halfFactor(record, k, h) }
				x[0] = d.times(x[0], f(0))
				d.split2(&x[0], &x[2], f(1))
				d.split2(&x[1], &x[3], z)
				d.split2(&x[0], &x[1], f(2))
				d.split2(&x[2], &x[3], f(3))
				storeRows(x, row, i)
				if h == 0 {
					ADDQ(U32(halfBytes), i)
				}
			}
			SUBQ(U32(halfBytes), i)
		})
		end()
	}

	kernelOf("avx2", "join4", "func(c, a *uint64, quarter, count int, records *uint64)")
	{
		d := newDoubles(param("c"))
		a, quarter, count, record := param("a"), param("quarter"), param("count"), param("records")
		toBytes(quarter)
		repeat("block", count, func() {
			row := rows(a, quarter, 4)
			z, y0, y1 := doubleRadix4(record)
			loop("words", quarter, halfBytes, func(i gpr) {
				x := d.join4(loadRows(row, i), z, z, y0, y1)
				d.reduce(x[0])
				storeRows(x, row, i)
			})
			LEAQ(Mem{Base: a, Index: quarter, Scale: 4}, a)
			SUBQ(U32(recordBytes), record)
		})
		end()
	}

	kernelOf("avx2", "join4From", "func(c, dst *uint64, quarter int, src *uint64, stride, n int, record *uint64)")
	{
		d := newDoubles(param("c"))
		dst, quarter, src, stride := param("dst"), param("quarter"), param("src"), param("stride")
		z, y0, y1 := doubleRadix4(param("record"))
		toBytes(stride)
		toBytes(quarter)
		from, to := rows(src, stride, 4), rows(dst, quarter, 4)
		n, next := param("n"), GP64()
		toBytes(n)
		loop("words", n, halfBytes, func(i gpr) {
			x := loadRows(from, i)
			LEAQ(at(i, n), next)
			for _, row := range from {
				PREFETCHT1(at(row, next))
			}
			x = d.join4(x, z, z, y0, y1)
			d.reduce(x[0])
			storeRows(x, to, i)
		})
		end()
	}

	kernelOf("avx2", "join4Lanes", "func(c, a *uint64, quarter int, record *uint64)")
	{
		d := newDoubles(param("c"))
		a, quarter, record := param("a"), param("quarter"), param("record")
		toBytes(quarter)
		row := rows(a, quarter, 4)
		z := sameInLanes(record)
		loop("words", quarter, vectorBytes, func(i gpr) {
			for h := range 2 {
				f := func(k int) factor { return halfFactorAt(record, k, h) }
				x := d.join4(loadRows(row, i), f(1), z, f(2), f(3))
				x[0] = d.times(x[0], f(0))
				storeRows(x, row, i)
				if h == 0 {
					ADDQ(U32(halfBytes), i)
				}
			}
			SUBQ(U32(halfBytes), i)
		})
		end()
	}
}

// sameInLanes returns z of a row's record: the power of the twist is 1 in the first
// lane.
func sameInLanes(record gpr) factor {
	w, q := YMM(), YMM()
	VBROADCASTSD(half(record, 2, 0), w)
	VBROADCASTSD(half(record, 3, 0), q)
	return factor{w, q}
}
