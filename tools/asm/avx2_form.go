package main

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
