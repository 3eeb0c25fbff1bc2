package main

// sum is a sum of products and 2^52 − 1, H·2^52 + L in each lane.
type sum struct{ h, l vec }

func (s sum) copy() sum { return sum{copyOf(s.h), copyOf(s.l)} }

func (s sum) addProduct(x, y vec) {
	lo(s.l, x, y)
	hi(s.h, x, y)
}

// montgomery returns the sum of products divided by 2^52 modulo p, less than p above the quotient.
// The lower half of q·p is not calculated: it would make that of the sum 0, and 2^52 − 1 in L
// carries the same. q begins with −1/p to make up for the 1 that L lacks modulo 2^52.
func (s sum) montgomery(p, negInverse vec) vec {
	q := copyOf(negInverse)
	lo(q, s.l, negInverse)
	hi(s.h, q, p)
	return add(s.h, shiftRight(s.l, 52))
}

// pointwise generates a kernel for each form of package ntt. Words are reduced to
// below 2p, so that sums of products are at most 20p² < 1.67p·2^52.
func pointwise() {
	type form struct {
		name, doc string
		make      func(x, y vec) []sum
	}
	var lower vec // 2^52 − 1
	products := func(pairs ...vec) sum {
		s := sum{zero(), copyOf(lower)}
		for i := 0; i < len(pairs); i += 2 {
			s.addProduct(pairs[i], pairs[i+1])
		}
		return s
	}
	for _, f := range []form{
		{"product", "a·b", func(x, y vec) []sum { return []sum{products(x, y)} }},
		{"square", "a²", func(x, _ vec) []sum { return []sum{products(x, x)} }},
		{"doubleDown", "a² + b² and b to 2ab + b²", func(x, y vec) []sum {
			return []sum{products(x, x, y, y), products(add(add(x, x), y), y)}
		}},
		{"doubleUp", "2ab + b² and b to a² + 2ab + 2b²", func(x, y vec) []sum {
			first := products(y, y)
			second := first.copy()
			first.addProduct(add(x, x), y)
			xy := add(x, y)
			second.addProduct(xy, xy)
			return []sum{first, second}
		}},
		{"doubleEven", "2ab + b²", func(x, y vec) []sum { return []sum{products(add(add(x, x), y), y)} }},
		{"doubleOdd", "a² + 2ab + 2b²", func(x, y vec) []sum {
			xy := add(x, y)
			return []sum{products(xy, xy, y, y)}
		}},
	} {
		kernel(f.name, "func(c, a, b *uint64, n int)", f.name+" sets a to ("+f.doc+")/2^52.")
		m := modulus{base: param("c")}
		np, one, p, negInverse := m.complement(), m.one(), m.p(), m.negInverse()
		lower = constant(1<<52 - 1)
		a, b, n := param("a"), param("b"), param("n")
		toBytes(n)
		loop("words", n, vectorBytes, func(i gpr) {
			x, y := load(at(a, i)), load(at(b, i))
			reduce(x, one, np)
			reduce(y, one, np)
			for k, s := range f.make(x, y) {
				store(s.montgomery(p, negInverse), at([]gpr{a, b}[k], i))
			}
		})
		end()
	}
}
