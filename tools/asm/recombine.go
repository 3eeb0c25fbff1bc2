package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// The words of the type recombination of the package, three to an array.
const (
	crtComplement = 0  // 2^52 − p
	crtScale      = 3  // c
	crtQuotient   = 6  // of c
	crtInverse    = 9  // ⌊2^100/p⌋
	crtPhi        = 12 // ⌊2^52·P0/B⌋
	crtHigh       = 15 // P1
	crtLow        = 18 // P0 modulo 2^52
	crtLowTop     = 21 // P0/2^52
	crtNegB       = 24 // 2^64 − B, in two parts
	crtDivide     = 26 // ⌊2^104/B⌋
	crtDivideSum  = 27 // ⌊2^107/B⌋
	crtB          = 28
	crtBLess1     = 29
	crtFour       = 30
	crtEight      = 31
	crtBias       = 32 // B − 9
	crtMinusOne   = 33
	crtMultiples  = 40 // k·(B − P mod B) for k up to 7
	crtMultiplesG = 48 // ⌊8·k·(B − P mod B)/B⌋
	crtMultiplesQ = 56 // −k·(⌊P/B⌋ + 1) modulo 2^104: the lower parts, then the upper parts
	crtMultiplesB = 72 // k·B for k up to 15
)

// ways is the number of vectors that are recombined side by side, which hides the
// latency of their operations.
const ways = 2

// pair holds a vector for each way.
type pair [ways]vec

// digits are the vectors D0, D1 and D2 of the points of a step.
type digits [3]pair

func each(f func(u int) vec) (x pair) {
	for u := range x {
		x[u] = f(u)
	}
	return x
}

func pairOf(base gpr, i int) pair {
	c := broadcast(word(base, i))
	return each(func(int) vec { return copyOf(c) })
}

func zeros() pair { return each(func(int) vec { return zero() }) }

// addLo adds the lower halves of x times the word of constants to sum, addHi the
// upper ones.
func addLo(sum, x pair, base gpr, i int) {
	for u := range sum {
		lo(sum[u], x[u], everywhere{word(base, i)})
	}
}

func addHi(sum, x pair, base gpr, i int) {
	for u := range sum {
		hi(sum[u], x[u], everywhere{word(base, i)})
	}
}

// addLo3 and addHi3 do so for the three primes.
func addLo3(sum pair, t [3]pair, base gpr, i int) {
	for k := range t {
		addLo(sum, t[k], base, i+k)
	}
}

func addHi3(sum pair, t [3]pair, base gpr, i int) {
	for k := range t {
		addHi(sum, t[k], base, i+k)
	}
}

func plus(x, y pair) pair { return each(func(u int) vec { return add(x[u], y[u]) }) }

// multiple returns the k-th of eight words of constants in each lane.
func multiple(k pair, base gpr, i int) pair {
	return each(func(u int) vec {
		z := ZMM()
		VPERMQ(word(base, i), k[u], z)
		return z
	})
}

func right(x pair, n uint64) pair { return each(func(u int) vec { return shiftRight(x[u], n) }) }

// upper returns x·2^52.
func upper(x pair) pair { return each(func(u int) vec { return shiftLeft(x[u], 52) }) }

// align returns the vectors that begin n lanes before those of x; before is the
// vector before them.
func align(x pair, before vec, n uint64) pair {
	return each(func(u int) vec {
		z := ZMM()
		VALIGNQ(Imm(8-n), before, x[u], z)
		before = x[u]
		return z
	})
}

// not less, equal: predicates of VPCMPUQ
const (
	equal   = 0
	notLess = 5
)

// where compares x with y: the lanes for which it holds.
func where(x pair, predicate uint64, y func(u int) vec) (lanes [ways]mask) {
	for u := range x {
		lanes[u] = K()
		VPCMPUQ(Imm(predicate), y(u), x[u], lanes[u])
	}
	return lanes
}

// notBelow returns the lanes of x that are not below b.
func notBelow(x pair, b vec) [ways]mask { return where(x, notLess, func(int) vec { return b }) }

// bits returns a bit for each lane of both masks.
func bits(lanes [ways]mask) gpr {
	k, r := K(), GP32()
	KUNPCKBW(lanes[0], lanes[1], k)
	KMOVW(k, r)
	return r
}

// masks returns the bits of r for each vector.
func masks(r gpr) (m [ways]mask) {
	m[0], m[1] = K(), K()
	KMOVW(r, m[0])
	KSHIFTRW(Imm(8), m[0], m[1])
	return m
}

// subtractWhere subtracts y from the lanes of x in the mask.
func subtractWhere(m [ways]mask, x pair, y vec) {
	for u := range x {
		VPSUBQ(y, x[u], m[u], x[u])
	}
}

// residuesOf returns t = r·c for each prime, below 1.25p.
func residuesOf(base gpr, r [3]pair) (t [3]pair) {
	for k := range t {
		q := zeros()
		addHi(q, r[k], base, crtQuotient+k)
		t[k] = zeros()
		addLo(t[k], r[k], base, crtScale+k)
		addLo(t[k], q, base, crtComplement+k)
	}
	return t
}

// resolve adds the carries between the lanes of x, which are below 2B, and from
// the step before; over keeps the one into the next. It sets x to digits.
func resolve(x pair, over gpr, b, bLess1, minusOne vec) {
	generate := bits(notBelow(x, b))
	propagate := bits(where(x, equal, func(int) vec { return bLess1 }))
	sum, carried := GP32(), GP32()
	LEAL(Mem{Base: over, Index: generate, Scale: 2}, sum)
	ADDL(propagate, sum)
	MOVL(sum, over)
	SHRL(Imm(16), over)
	XORL(propagate, sum)
	MOVL(sum, carried)
	ANDL(propagate, sum)
	ORL(generate, sum)
	subtractWhere(masks(carried), x, minusOne)
	subtractWhere(masks(sum), x, b)
}

// piece is the frame of both kernels. It loads residues and repeats step, which returns D0, D1
// and D2, then stores the points that finish makes of them. A step calls meanwhile amid its
// operations, to finish the step before: neither has enough operations to fill its
// latencies.
func piece(n gpr, step func(r [3]pair, meanwhile func()) digits, finish func(d digits) pair) {
	dst, src, plane := param("dst"), param("residues"), param("plane")
	toBytes(n)
	toBytes(plane)
	from := rows(src, plane, 3)
	const stepBytes = ways * vectorBytes
	before, start := GP64(), GP64() // where the step before, and the first, began
	XORQ(start, start)
	kept := digits{zeros(), zeros(), zeros()}
	write := func() {
		for u, x := range finish(kept) {
			store(x, Mem{Base: dst, Index: before, Scale: 1, Disp: u * vectorBytes})
		}
	}
	loop("points", n, stepBytes, func(i gpr) {
		var r [3]pair
		for k := range r {
			r[k] = each(func(u int) vec {
				return load(Mem{Base: from[k], Index: i, Scale: 1, Disp: u * vectorBytes})
			})
		}
		// The first step writes zeros; the next write puts the first points there.
		MOVQ(i, before)
		SUBQ(U32(stepBytes), before)
		CMOVQCS(start, before)
		for k, d := range step(r, write) {
			for u := range d {
				VMOVDQA64(d[u], kept[k][u])
			}
		}
	})
	MOVQ(n, before)
	SUBQ(U32(stepBytes), before)
	write()
}

// topLanes returns the upper two lanes of x.
func topLanes(x vec) (seventh, sixth gpr) {
	quarter := XMM()
	VEXTRACTI64X2(Imm(3), x, quarter)
	sixth, seventh = GP64(), GP64()
	VMOVQ(quarter, sixth)
	VPEXTRQ(Imm(1), quarter, seventh)
	return seventh, sixth
}

const recombineSignature = "func(r, dst *uint64, n int, residues *uint64, plane int, carried *uint64)"

// recombine19 is for B = 10^19. A word cannot hold 2B, so that digits are reduced
// to below B before they are added.
func recombine19() {
	kernel("recombine19", recombineSignature,
		"recombine19 calculates digits in base 10^19 from residues, and the two that are carried out.")
	base, n := param("r"), param("n")
	b, bLess1, minusOne := broadcast(word(base, crtB)), broadcast(word(base, crtBLess1)), broadcast(word(base, crtMinusOne))
	pd1, pd2, pe := zero(), zero(), zero() // the digits of the vector before
	over := GP32()
	XORL(over, over)
	piece(n, func(r [3]pair, meanwhile func()) digits {
		t := residuesOf(base, r)

		k := pairOf(base, crtFour)
		addHi3(k, t, base, crtInverse)
		// 8·t_i is below 2^52: G is summed in eighths.
		eighths := zeros()
		for i := range t {
			t8 := each(func(u int) vec { return shiftLeft(t[i][u], 3) })
			addHi(eighths, t8, base, crtPhi+i)
		}
		k = right(k, 48)
		meanwhile()
		l, h := zeros(), zeros()
		addLo3(l, t, base, crtLow)
		g := right(plus(eighths, multiple(k, base, crtMultiplesG)), 3)
		addHi3(h, t, base, crtLow)
		addLo3(h, t, base, crtLowTop)
		q0, q1 := zeros(), zeros()
		addHi3(q1, t, base, crtHigh)
		addLo3(q0, t, base, crtHigh)
		addHi(h, g, base, crtNegB)
		addLo(l, g, base, crtNegB)
		addLo(h, g, base, crtNegB+1)
		q1 = plus(q1, multiple(k, base, crtMultiplesQ+8))
		q0 = plus(plus(q0, multiple(k, base, crtMultiplesQ)), g)
		d0 := plus(plus(l, upper(h)), multiple(k, base, crtMultiples))

		overflow := notBelow(d0, b)
		subtractWhere(overflow, d0, b)
		subtractWhere(overflow, q0, minusOne)
		d2 := zeros()
		addHi(d2, plus(q1, right(q0, 52)), base, crtDivide)
		addHi(q1, d2, base, crtNegB)
		addLo(q0, d2, base, crtNegB)
		addLo(q1, d2, base, crtNegB+1)
		d1 := plus(q0, upper(q1))
		return digits{d0, d1, d2}
	}, func(d digits) pair {
		d0, d1, d2 := d[0], d[1], d[2]
		overflow := notBelow(d1, b)
		subtractWhere(overflow, d1, b)
		subtractWhere(overflow, d2, minusOne)

		// d0 + d1 overflows a word where d0 ≥ B − d1. The carry belongs to the next lane.
		shifted := align(d1, pd1, 1)
		sum := plus(d0, shifted)
		wrapped := where(d0, notLess, func(u int) vec { return sub(b, shifted[u]) })
		e := align(d2, pd2, 1)
		subtractWhere(wrapped, sum, b)
		subtractWhere(wrapped, e, minusOne)
		sum = plus(sum, align(e, pe, 1))
		VMOVDQA64(d1[1], pd1)
		VMOVDQA64(d2[1], pd2)
		VMOVDQA64(e[1], pe)
		resolve(sum, over, b, bLess1, minusOne)
		return sum
	})
	out := param("carried")
	d1, _ := topLanes(pd1)
	d2, _ := topLanes(pd2)
	e, _ := topLanes(pe)
	ADDQ(e, d1)
	ADDQ(over.As64(), d1)
	MOVQ(d1, word(out, 0))
	MOVQ(d2, word(out, 1))
	end()
}

// recombine18 is for B up to 10^18. A word holds 18B, so that digits are not reduced
// before they are added. A bias of 9·(B^n − 1) in all keeps them from being
// negative: the caller adds 9 to the lowest.
func recombine18() {
	kernel("recombine18", recombineSignature,
		"recombine18 calculates digits in base 10^18 or 10^17 from residues, and the two that are carried out.")
	base, n := param("r"), param("n")
	b, bLess1, minusOne := broadcast(word(base, crtB)), broadcast(word(base, crtBLess1)), broadcast(word(base, crtMinusOne))
	pd1, pd2, pe := zero(), zero(), zero()
	over := GP32()
	XORL(over, over)
	piece(n, func(r [3]pair, meanwhile func()) digits {
		t := residuesOf(base, r)

		k := pairOf(base, crtFour)
		addHi3(k, t, base, crtInverse)
		k = right(k, 48)
		meanwhile()

		g := zeros()
		addHi3(g, t, base, crtPhi)

		l, h := pairOf(base, crtBias), zeros()
		addLo3(l, t, base, crtLow)
		addHi3(h, t, base, crtLow)
		addLo3(h, t, base, crtLowTop)
		addLo(l, g, base, crtNegB)
		addHi(h, g, base, crtNegB)
		addLo(h, g, base, crtNegB+1)
		d0 := plus(plus(l, upper(h)), multiple(k, base, crtMultiples))

		q0, q1 := plus(g, pairOf(base, crtEight)), zeros()
		addLo3(q0, t, base, crtHigh)
		addHi3(q1, t, base, crtHigh)
		q0 = plus(q0, multiple(k, base, crtMultiplesQ))
		q1 = plus(q1, multiple(k, base, crtMultiplesQ+8))

		d2 := zeros()
		addHi(d2, plus(q1, right(q0, 52)), base, crtDivide)
		addLo(q0, d2, base, crtNegB)
		addHi(q1, d2, base, crtNegB)
		addLo(q1, d2, base, crtNegB+1)
		d1 := plus(q0, upper(q1))

		return digits{d0, d1, d2}
	}, func(d digits) pair {
		d0, d1, d2 := d[0], d[1], d[2]
		sum := plus(plus(d0, align(d1, pd1, 1)), align(d2, pd2, 2))
		e := zeros()
		addHi(e, right(sum, 12), base, crtDivideSum)
		e = right(e, 43)
		low, high := load(word(base, crtMultiplesB)), load(word(base, crtMultiplesB+8))
		for u := range sum {
			z := copyOf(e[u])
			VPERMI2Q(high, low, z)
			VPSUBQ(z, sum[u], sum[u])
		}
		sum = plus(sum, align(e, pe, 1))
		VMOVDQA64(d1[1], pd1)
		VMOVDQA64(d2[1], pd2)
		VMOVDQA64(e[1], pe)
		resolve(sum, over, b, bLess1, minusOne)
		return sum
	})
	out := param("carried")
	d1, _ := topLanes(pd1)
	d2, d2Before := topLanes(pd2)
	e, _ := topLanes(pe)
	ADDQ(d2Before, d1)
	ADDQ(e, d1)
	ADDQ(over.As64(), d1)
	MOVQ(d1, word(out, 0))
	MOVQ(d2, word(out, 1))
	end()
}
