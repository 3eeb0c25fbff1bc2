package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// doubleForms generates a kernel for each form of package ntt. Words are reduced to
// p/2, so that products are at most 3/4·p².
func doubleForms() {
	twice := func(x vec) vec { return plusHalf(x, x) }
	for _, f := range []struct {
		name string
		make func(d doubles, x, y vec) []vec
	}{
		{"product", func(d doubles, x, y vec) []vec { return []vec{d.product(x, y)} }},
		{"square", func(d doubles, x, _ vec) []vec { return []vec{d.product(x, x)} }},
		{"doubleDown", func(d doubles, x, y vec) []vec {
			return []vec{plusHalf(d.product(x, x), d.product(y, y)), d.product(plusHalf(twice(x), y), y)}
		}},
		{"doubleUp", func(d doubles, x, y vec) []vec {
			square, sum := d.product(y, y), plusHalf(x, y)
			return []vec{plusHalf(d.product(twice(x), y), square), plusHalf(d.product(sum, sum), square)}
		}},
		{"doubleEven", func(d doubles, x, y vec) []vec { return []vec{d.product(plusHalf(twice(x), y), y)} }},
		{"doubleOdd", func(d doubles, x, y vec) []vec {
			sum := plusHalf(x, y)
			return []vec{plusHalf(d.product(sum, sum), d.product(y, y))}
		}},
	} {
		kernelOf("avx2", f.name, "func(c, a, b *uint64, n int)")
		d := newDoubles(param("c"))
		d.inverse = loadHalf(d.inverse)
		a, b, n := param("a"), param("b"), param("n")
		toBytes(n)
		loop("words", n, halfBytes, func(i gpr) {
			x, y := loadHalf(at(a, i)), loadHalf(at(b, i))
			d.reduce(x)
			d.reduce(y)
			for k, r := range f.make(d, x, y) {
				storeHalf(r, at([]gpr{a, b}[k], i))
			}
		})
		end()
	}
}

// The factors of the type mixedRadixFactors of the package.
const (
	radixScale = 0 // three
	radixBy0   = 3
	radixBy1   = 4
	radixBy01  = 5
)

func mixedRadix() {
	kernelOf("avx2", "mixedRadix", "func(cs, factors, residues *uint64, plane, n int)")
	cs, factors, residues, plane, n := param("cs"), param("factors"), param("residues"), param("plane"), param("n")
	toBytes(plane)
	toBytes(n)
	plane1 := rows(residues, plane, 3)
	constant := func(i int) factor {
		return factor{Mem{Base: factors, Disp: 2 * halfBytes * i}, Mem{Base: factors, Disp: 2*halfBytes*i + halfBytes}}
	}
	var d [3]doubles
	for k := range d {
		d[k] = doublesAt(cs, k)
	}
	rounder := loadHalf(d[0].rounder)
	for k := range d {
		d[k].rounder = rounder
	}
	none := YMM()
	VXORPD(none, none, none)
	// notNegative adds p to what is below 0.
	notNegative := func(d doubles, x vec) vec {
		p := YMM()
		VBLENDVPD(x, d.p, none, p)
		return plusHalf(x, p)
	}
	exponent := loadHalf(d[0].exponent)
	storeInteger := func(x vec, m Mem) {
		y := plusHalf(x, exponent)
		VXORPD(exponent, y, y)
		storeHalf(y, m)
	}
	loop("words", n, halfBytes, func(i gpr) {
		x0 := notNegative(d[0], d[0].times(loadHalf(at(plane1[0], i)), constant(radixScale)))
		storeInteger(x0, at(plane1[0], i))

		x1 := d[1].times(loadHalf(at(plane1[1], i)), constant(radixScale+1))
		VSUBPD(d[1].times(copyOfHalf(x0), constant(radixBy0)), x1, x1)
		d[1].reduce(x1)
		x1 = notNegative(d[1], x1)
		storeInteger(x1, at(plane1[1], i))

		x2 := d[2].times(loadHalf(at(plane1[2], i)), constant(radixScale+2))
		VSUBPD(d[2].times(x0, constant(radixBy01)), x2, x2)
		VSUBPD(d[2].times(x1, constant(radixBy1)), x2, x2)
		d[2].reduce(x2)
		storeInteger(notNegative(d[2], x2), at(plane1[2], i))
	})
	end()
}
