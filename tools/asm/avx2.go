package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// The vocabulary of AVX2: vectors of four integers in double precision.

const halfBytes = 32 // of such a vector, which is half a vector of IFMA

// The constants of a prime, in all lanes: see the type doubleConstants of the
// package.
const (
	doubleRounder  = halfBytes * iota // 1.5·2^52
	doubleP                           // p
	doubleInverse                     // 1/p
	doubleExponent                    // 2^52
	doubleUpper                       // 2^32
	doubleI                           // a square root of −1, a factor
	_
	doublesBytes
)

// doubles is the arithmetic modulo a prime. A number that is not in a register is an
// operand in memory.
type doubles struct {
	rounder, p, inverse Op
	i                   factor
	exponent, upper     Op
}

// doublesAt returns the arithmetic with the k-th constants at base, in memory.
func doublesAt(base gpr, k int) doubles {
	at := func(i int) Op { return Mem{Base: base, Disp: k*doublesBytes + i} }
	return doubles{at(doubleRounder), at(doubleP), at(doubleInverse), factor{at(doubleI), at(doubleI + halfBytes)}, at(doubleExponent), at(doubleUpper)}
}

// newDoubles returns the arithmetic with the constants at base, of which the most
// used are in registers.
func newDoubles(base gpr) doubles {
	d := doublesAt(base, 0)
	d.rounder, d.p = loadHalf(d.rounder), loadHalf(d.p)
	return d
}

func loadHalf(m Op) vec {
	y := YMM()
	VMOVUPD(m, y)
	return y
}

func storeHalf(x vec, m Op) { VMOVUPD(x, m) }

func copyOfHalf(x Op) vec {
	y := YMM()
	VMOVUPD(x, y)
	return y
}

func plusHalf(x vec, y Op) vec {
	z := YMM()
	VADDPD(y, x, z)
	return z
}

func lessHalf(x vec, y Op) vec {
	z := YMM()
	VSUBPD(y, x, z)
	return z
}

// half returns the address of a half of the i-th vector at base.
func half(base gpr, i, half int) Mem { return Mem{Base: base, Disp: vectorBytes*i + halfBytes*half} }

// doubleFactor returns the i-th factor at base for all lanes.
func doubleFactor(base gpr, i int) factor {
	w, q := YMM(), YMM()
	VBROADCASTSD(word(base, 2*i), w)
	VBROADCASTSD(word(base, 2*i+1), q)
	return factor{w, q}
}

// halfFactor returns a half of the i-th factor at base that differs from lane to lane.
func halfFactor(base gpr, i, h int) factor {
	f := halfFactorAt(base, i, h)
	return factor{loadHalf(f.w), loadHalf(f.q)}
}

// halfFactorAt is halfFactor, left in memory.
func halfFactorAt(base gpr, i, h int) factor {
	return factor{half(base, 2*i, h), half(base, 2*i+1, h)}
}

// quotient returns the integer next to x·y.
func (d doubles) quotient(x vec, y Op) vec {
	q := copyOfHalf(d.rounder)
	VFMADD231PD(y, x, q)
	VSUBPD(d.rounder, q, q)
	return q
}

// times returns x·f modulo p, at most (1/2 + |x|/48p)·p. x is overwritten.
func (d doubles) times(x vec, f factor) vec {
	h := YMM()
	VMULPD(f.w, x, h)
	q := d.quotient(x, f.q)
	VFMSUB132PD(f.w, h, x) // x·w − h, exact
	VFNMADD231PD(d.p, q, h)
	return plusHalf(h, x)
}

// reduce reduces x to at most about p/2.
func (d doubles) reduce(x vec) {
	q := d.quotient(x, d.inverse)
	VFNMADD231PD(d.p, q, x)
}

// product returns x·y modulo p.
func (d doubles) product(x, y vec) vec {
	h := YMM()
	VMULPD(y, x, h)
	q := d.quotient(h, d.inverse)
	l := copyOfHalf(h)
	VFMSUB231PD(y, x, l)
	VFNMADD231PD(d.p, q, h)
	return plusHalf(h, l)
}

// split2 sets x, y to x + f·y and x − f·y.
func (d doubles) split2(x, y *vec, f factor) {
	u := d.times(*y, f)
	*x, *y = plusHalf(*x, u), lessHalf(*x, u)
}

// split4 splits four words.
func (d doubles) split4(x [4]vec, z, y0, y1 factor) [4]vec {
	d.split2(&x[0], &x[2], z)
	d.split2(&x[1], &x[3], z)
	d.split2(&x[0], &x[1], y0)
	d.split2(&x[2], &x[3], y1)
	return x
}

// join2 sets x, y to x + y and (y − x)·f.
func (d doubles) join2(x, y *vec, f factor) {
	difference := lessHalf(*y, *x)
	*x = plusHalf(*x, *y)
	*y = d.times(difference, f)
}

// join4 joins four words. Negative inverse roots stand for those of the other block
// of a pair: y1 for y0. z1 is z for the last result.
func (d doubles) join4(x [4]vec, z, z1, y0, y1 factor) [4]vec {
	d.join2(&x[0], &x[1], y1)
	d.join2(&x[2], &x[3], y0)
	d.join2(&x[0], &x[2], z)
	d.join2(&x[1], &x[3], z1)
	return x
}

// transposeHalf returns the columns of a 4×4 matrix of words given by its rows.
func transposeHalf(v [4]vec) (t [4]vec) {
	var pair [4]vec
	for i := range 2 {
		pair[i], pair[2+i] = YMM(), YMM()
		VUNPCKLPD(v[2*i+1], v[2*i], pair[i])
		VUNPCKHPD(v[2*i+1], v[2*i], pair[2+i])
	}
	for i := range t {
		t[i] = YMM()
		order := uint64(0x20 + 0x11*(i/2)) // the lower or the upper halves
		VPERM2F128(Imm(order), pair[2*(i%2)+1], pair[2*(i%2)], t[i])
	}
	return t
}
