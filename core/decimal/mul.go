package decimal

import (
	"math/bits"

	"github.com/pisano-dev/pisano/core/internal/engine"
	"github.com/pisano-dev/pisano/core/internal/ntt"
	"github.com/pisano-dev/pisano/core/internal/words"
)

// Mul returns x · y.
func (x Natural) Mul(y Natural) Natural { return x.mul(y, engine.Chosen()) }

// mul multiplies by transforms of the engine if they are faster than schoolbook
// multiplication. Karatsuba's method is faster than both at no length:
// docs/engine.md has the measurement.
func (x Natural) mul(y Natural, e engine.Engine) Natural {
	a, b := x.words, y.words
	if len(a) < len(b) {
		a, b = b, a
	}
	switch {
	case len(b) == 0:
		return Natural{}
	case len(b) > e.ShortWords():
		return transform(e, ntt.Product, x, y)
	}
	product := make([]uint64, len(a)+len(b))
	words.Mul(product, a, b)
	return natural(product)
}

// Square returns x · x.
func (x Natural) Square() Natural { return x.square(engine.Chosen()) }

func (x Natural) square(e engine.Engine) Natural {
	if len(x.words) > e.ShortWords() {
		return transform(e, ntt.Square, x, x)
	}
	product := make([]uint64, 2*len(x.words))
	words.Square(product, x.words)
	return natural(product)
}

// Exp returns x to the power n. 0 to the power 0 is 1.
func (x Natural) Exp(n uint64) Natural {
	power := FromUint64(1)
	for i := bits.Len64(n) - 1; i >= 0; i-- {
		power = power.Square()
		if n>>i&1 == 1 {
			power = power.Mul(x)
		}
	}
	return power
}

// transform returns the product of x and y, which is ntt.Product or ntt.Square,
// by transforms.
func transform(e engine.Engine, form ntt.Form, x, y Natural) Natural {
	count := len(x.words) + len(y.words)
	e = engine.For(e, int64(count)*WordDigits)
	digits := e.PointDigits(int64(count) * WordDigits)
	w := engine.Begin(e, digits, pointCount(count, digits), 0, nil)
	defer w.End()
	a := x.points(digits)
	b := a
	if form == ntt.Product {
		b = y.points(digits)
	}
	if digits == WordDigits {
		result := make([]uint64, count)
		w.Multiply(form, result, nil, a, b)
		return natural(result)
	}
	product := w.Buffer(0, pointCount(count, digits))
	w.Multiply(form, product, nil, a, b)
	result := make([]uint64, count)
	w.Convert(result, WordDigits, product, digits)
	return natural(result)
}

// points returns the digits of x in base 10^digits, which transforms multiply.
func (x Natural) points(digits int) []uint64 {
	if digits == WordDigits {
		return x.words
	}
	points := make([]uint64, pointCount(len(x.words), digits))
	ntt.Convert(points, digits, x.words, WordDigits, 0)
	return points
}

// pointCount returns the number of points that a number of the given length in
// words has.
func pointCount(words, digits int) int { return (words*WordDigits + digits - 1) / digits }
