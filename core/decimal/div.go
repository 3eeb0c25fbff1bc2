package decimal

import "github.com/pisano-dev/pisano/core/internal/words"

// QuoRem returns the quotient of x and y, rounded down, and the remainder. It panics
// if y is 0.
func (x Natural) QuoRem(y Natural) (quotient, remainder Natural) {
	n := len(y.words)
	switch {
	case n == 0:
		panic("decimal: division by zero")
	case x.Cmp(y) < 0:
		return Natural{}, x
	case n == 1:
		quotient, r := x.QuoRemUint64(y.words[0])
		return quotient, FromUint64(r)
	}
	scale := Base / (y.words[n-1] + 1)
	scaled := FromUint64(scale)
	quotient, remainder = divide(x.Mul(scaled), y.Mul(scaled))
	remainder, _ = remainder.QuoRemUint64(scale)
	return quotient, remainder
}

// QuoRemUint64 is QuoRem for a divisor that fits 64 bits.
func (x Natural) QuoRemUint64(y uint64) (quotient Natural, remainder uint64) {
	if y == 0 {
		panic("decimal: division by zero")
	}
	q := make([]uint64, len(x.words))
	remainder = words.QuoRemWord(q, x.words, y)
	return natural(q), remainder
}

// shortDivision is the length in words of a divisor or quotient up to which
// schoolbook division is faster.
const shortDivision = 40

// divide returns the quotient and the remainder of x and y, whose highest word is at
// least Base/2.
//
// It reduces a division to products: R. P. Brent and P. Zimmermann, "Modern Computer
// Arithmetic" (2010), section 1.4.3.
func divide(x, y Natural) (quotient, remainder Natural) {
	if x.Cmp(y) < 0 {
		return Natural{}, x
	}
	n := len(y.words)
	length := len(x.words) - n // of the quotient, or one less
	size := max(length, shortDivision)
	switch {
	case n > 2*size:
		return divideByHead(x, y, n-size)
	case length <= shortDivision || n <= shortDivision:
		return divideShort(x, y)
	}
	high, low := x.Split(length / 2)
	q1, r := divide(high, y)
	q0, r := divide(r.join(low, length/2), y)
	return q1.join(q0, length/2), r
}

// divideByHead divides by y without its lowest words, the given number of them. The
// quotient is then too large by a few at most.
func divideByHead(x, y Natural, lowest int) (quotient, remainder Natural) {
	x1, x0 := x.Split(lowest)
	y1, y0 := y.Split(lowest)
	quotient, remainder = divide(x1, y1)
	remainder = remainder.join(x0, lowest)
	product := quotient.Mul(y0)
	for one := FromUint64(1); remainder.Cmp(product) < 0; remainder = remainder.Add(y) {
		quotient = quotient.Sub(one)
	}
	return quotient, remainder.Sub(product)
}

// divideShort is schoolbook division.
func divideShort(x, y Natural) (quotient, remainder Natural) {
	n := len(y.words)
	rest := make([]uint64, len(x.words)+1)
	copy(rest, x.words)
	q := make([]uint64, len(rest)-n)
	words.QuoRem(q, rest, y.words)
	return natural(q), natural(rest[:n])
}

// join returns x · Base^count + low. low must be below Base^count.
func (x Natural) join(low Natural, count int) Natural {
	if x.IsZero() {
		return low
	}
	w := make([]uint64, count+len(x.words))
	copy(w, low.words)
	copy(w[count:], x.words)
	return Natural{w}
}
