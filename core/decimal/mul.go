package decimal

import (
	"math/bits"

	"github.com/pisano-dev/pisano/core/decimal/ntt"
)

// transformWords is the count of words of the shorter factor from which
// transforms are faster than schoolbook multiplication: docs/engine.md has the
// measurement. Karatsuba's method has no place between the two.
const transformWords = 100

// Mul returns x · y.
func (x Natural) Mul(y Natural) Natural {
	a, b := x.words, y.words
	if len(a) < len(b) {
		a, b = b, a
	}
	switch {
	case len(b) == 0:
		return Natural{}
	case len(b) < transformWords:
		product := make([]uint64, len(a)+len(b))
		multiply(product, a, b)
		return FromWords(product)
	}
	return transform(ntt.Product, x, y)
}

// Square returns x · x.
func (x Natural) Square() Natural {
	switch {
	case len(x.words) == 0:
		return Natural{}
	case len(x.words) < transformWords:
		product := make([]uint64, 2*len(x.words))
		square(product, x.words)
		return FromWords(product)
	}
	return transform(ntt.Square, x, x)
}

// transform returns the product of x and y by transforms.
func transform(form ntt.Form, x, y Natural) Natural {
	count := len(x.words) + len(y.words)
	digits := ntt.PointDigits(int64(count) * WordDigits)
	points := func(words int) int { return (words*WordDigits + digits - 1) / digits }
	a := x.Points(digits, points(len(x.words)))
	b := a
	if form == ntt.Product {
		b = y.Points(digits, points(len(y.words)))
	}
	product := make([]uint64, points(count))
	m := ntt.New(digits)
	m.Multiply(form, product, nil, a, b)
	words := make([]uint64, count)
	m.Convert(words, WordDigits, product, digits)
	return FromWords(words)
}

// column is a sum of products of words. It has room for 2^60 of them.
type column struct{ s0, s1, s2 uint64 }

func (c *column) add(x, y uint64) {
	hi, lo := bits.Mul64(x, y)
	var carry uint64
	c.s0, carry = bits.Add64(c.s0, lo, 0)
	c.s1, carry = bits.Add64(c.s1, hi, carry)
	c.s2 += carry
}

// shift returns the column's last word, in base Base, and leaves the rest.
func (c *column) shift() uint64 {
	q1, r := bits.Div64(c.s2, c.s1, Base)
	q0, r := bits.Div64(r, c.s0, Base)
	c.s0, c.s1, c.s2 = q0, q1, 0
	return r
}

// multiply sets product, of len(a)+len(b) words, to a · b, column by column, so
// that there is one division for each word of the product and not for each
// product of words.
func multiply(product, a, b []uint64) {
	var c column
	for i := range product {
		first := max(0, i-len(b)+1)
		last := min(i, len(a)-1)
		for j := first; j <= last; j++ {
			c.add(a[j], b[i-j])
		}
		product[i] = c.shift()
	}
}

// square is multiply for b = a: it makes the products of different words once,
// and takes them twice.
func square(product, a []uint64) {
	var carried column
	for i := range product {
		first := max(0, i-len(a)+1)
		var c column
		for j, k := first, i-first; j < k; j, k = j+1, k-1 {
			c.add(a[j], a[k])
		}
		c.s2 = c.s2<<1 | c.s1>>63
		c.s1 = c.s1<<1 | c.s0>>63
		c.s0 <<= 1
		if i%2 == 0 {
			c.add(a[i/2], a[i/2])
		}
		var carry uint64
		c.s0, carry = bits.Add64(c.s0, carried.s0, 0)
		c.s1, carry = bits.Add64(c.s1, carried.s1, carry)
		c.s2 += carry
		product[i] = c.shift()
		carried = c
	}
}
