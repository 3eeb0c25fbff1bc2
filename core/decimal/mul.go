package decimal

import (
	"github.com/pisano-dev/pisano/core/decimal/ntt"
	"github.com/pisano-dev/pisano/core/decimal/words"
)

// Mul returns x · y. Where the shorter factor has more than words.MaxShort
// words, transforms are faster than schoolbook multiplication, and Karatsuba's
// method has no place between the two: docs/engine.md has the measurement.
func (x Natural) Mul(y Natural) Natural {
	a, b := x.words, y.words
	if len(a) < len(b) {
		a, b = b, a
	}
	switch {
	case len(b) == 0:
		return Natural{}
	case len(b) > words.MaxShort:
		return transform(ntt.Product, x, y)
	}
	product := make([]uint64, len(a)+len(b))
	words.Mul(product, a, b)
	return FromWords(product)
}

// Square returns x · x.
func (x Natural) Square() Natural {
	if len(x.words) > words.MaxShort {
		return transform(ntt.Square, x, x)
	}
	product := make([]uint64, 2*len(x.words))
	words.Square(product, x.words)
	return FromWords(product)
}

// transform returns the product of x and y by transforms.
func transform(form ntt.Form, x, y Natural) Natural {
	count := len(x.words) + len(y.words)
	digits := ntt.PointDigits(int64(count) * WordDigits)
	a := x.points(digits)
	b := a
	if form == ntt.Product {
		b = y.points(digits)
	}
	product := make([]uint64, pointCount(count, digits))
	m := ntt.New(digits)
	m.Multiply(form, product, nil, a, b)
	result := make([]uint64, count)
	m.Convert(result, WordDigits, product, digits)
	return FromWords(result)
}

// points returns the digits of x in base 10^digits, the form in which package
// ntt multiplies.
func (x Natural) points(digits int) []uint64 {
	points := make([]uint64, pointCount(len(x.words), digits))
	ntt.Convert(points, digits, x.words, WordDigits, 0)
	return points
}

// pointCount returns how many points hold so many words.
func pointCount(words, digits int) int { return (words*WordDigits + digits - 1) / digits }
