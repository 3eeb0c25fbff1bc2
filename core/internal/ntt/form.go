package ntt

import "math/bits"

// Form is a quadratic form of two numbers a and b, or a pair of forms. It is
// applied value by value between the transforms, so that a sum of products takes
// no more transforms than a product.
type Form int

// The forms. With a = F(k−1) and b = F(k) the last four are Fibonacci numbers
// around 2k, by the addition theorem: D. E. Knuth, "The Art of Computer
// Programming" 1, section 1.2.8.
const (
	Product    Form = iota // a·b
	Square                 // a²
	DoubleDown             // a² + b² and 2ab + b²: F(2k−1) and F(2k)
	DoubleUp               // 2ab + b² and a² + 2ab + 2b²: F(2k) and F(2k+1)
	DoubleEven             // 2ab + b²: F(2k)
	DoubleOdd              // a² + 2ab + 2b²: F(2k+1)
)

// MaxWeight is the largest sum of the coefficients of a form.
const MaxWeight = 5

// Operands returns the number of operands, 1 or 2.
func (f Form) Operands() int {
	if f == Square {
		return 1
	}
	return 2
}

// Results returns the number of results, 1 or 2.
func (f Form) Results() int {
	if f == DoubleDown || f == DoubleUp {
		return 2
	}
	return 1
}

// wide is a sum of products of residues, with room for 8P².
type wide struct{ hi, lo uint64 }

func product(x, y uint64) wide {
	hi, lo := bits.Mul64(x, y)
	return wide{hi, lo}
}

func (x wide) plus(y wide) wide {
	lo, carry := bits.Add64(x.lo, y.lo, 0)
	return wide{x.hi + y.hi + carry, lo}
}

// apply sets a, and b if the form has two results, to the form of a and b divided
// by 2^64. Words in are below 8P, words out below 2P.
func (f Form) apply(m *prime, a, b []uint64) {
	p2, p4 := 2*m.P, 4*m.P
	whole := func(x uint64) uint64 { return reduce(reduce(reduce(x, p4), p2), m.P) }
	if f == Square {
		for i := range a {
			x := whole(a[i])
			a[i] = m.redc(product(x, x))
		}
		return
	}
	for i := range a {
		x, y := whole(a[i]), whole(b[i])
		switch f {
		case Product:
			a[i] = m.redc(product(x, y))
		case DoubleDown:
			a[i] = m.redc(product(x, x).plus(product(y, y)))
			b[i] = m.redc(product(2*x+y, y))
		case DoubleUp:
			square := product(y, y)
			a[i] = m.redc(product(2*x, y).plus(square))
			b[i] = m.redc(product(x+y, x+y).plus(square))
		case DoubleEven:
			a[i] = m.redc(product(2*x+y, y))
		case DoubleOdd:
			a[i] = m.redc(product(x+y, x+y).plus(product(y, y)))
		}
	}
}
