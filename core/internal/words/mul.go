package words

import "math/bits"

// MaxShort is the largest length in words of the shorter factor of a product.
// Transforms multiply longer numbers faster.
const MaxShort = 256

// column is the sum of the products of words that contribute to the same word of
// the result, in base 2^64. It has room for 2^60 products.
type column struct{ s0, s1, s2 uint64 }

// dot returns the sum of the products of the words of a and b, which have the
// same length.
func dot(a, b []uint64) (c column) {
	var carry uint64
	b = b[:len(a)]
	for len(a) >= 4 && len(b) >= 4 {
		h0, l0 := bits.Mul64(a[0], b[0])
		c.s0, carry = bits.Add64(c.s0, l0, 0)
		c.s1, carry = bits.Add64(c.s1, h0, carry)
		c.s2 += carry
		h1, l1 := bits.Mul64(a[1], b[1])
		c.s0, carry = bits.Add64(c.s0, l1, 0)
		c.s1, carry = bits.Add64(c.s1, h1, carry)
		c.s2 += carry
		h2, l2 := bits.Mul64(a[2], b[2])
		c.s0, carry = bits.Add64(c.s0, l2, 0)
		c.s1, carry = bits.Add64(c.s1, h2, carry)
		c.s2 += carry
		h3, l3 := bits.Mul64(a[3], b[3])
		c.s0, carry = bits.Add64(c.s0, l3, 0)
		c.s1, carry = bits.Add64(c.s1, h3, carry)
		c.s2 += carry
		a, b = a[4:], b[4:]
	}
	for i := range a {
		h, l := bits.Mul64(a[i], b[i])
		c.s0, carry = bits.Add64(c.s0, l, 0)
		c.s1, carry = bits.Add64(c.s1, h, carry)
		c.s2 += carry
	}
	return c
}

// plus returns c + d.
func (c column) plus(d column) column {
	var carry uint64
	c.s0, carry = bits.Add64(c.s0, d.s0, 0)
	c.s1, carry = bits.Add64(c.s1, d.s1, carry)
	c.s2 += d.s2 + carry
	return c
}

// shift returns the remainder of c divided by Base, and the quotient.
func (c column) shift() (uint64, column) {
	q1, r := bits.Div64(c.s2, c.s1, Base)
	q0, r := bits.Div64(r, c.s0, Base)
	return r, column{q0, q1, 0}
}

// few is a length in words up to which a smaller buffer is used: to clear one of
// MaxShort words takes longer than the product.
const few = 16

// Mul sets dst, of len(a)+len(b) words, to a · b. b has at most MaxShort words,
// and dst must not overlap a or b. It is schoolbook multiplication column by
// column, which takes two divisions for each word of the result instead of one
// for each product of words.
func Mul(dst, a, b []uint64) {
	if len(b) <= few {
		var buffer [few]uint64
		mul(dst, a, reverse(buffer[:len(b)], b))
		return
	}
	var buffer [MaxShort]uint64
	mul(dst, a, reverse(buffer[:len(b)], b))
}

// mul is Mul with the words of b in descending order of significance.
func mul(dst, a, b []uint64) {
	var c column
	for i := range dst {
		first, last := max(0, i-len(b)+1), min(i+1, len(a))
		if first < last {
			c = c.plus(dot(a[first:last], b[len(b)-1-i+first:]))
		}
		dst[i], c = c.shift()
	}
}

// Square sets dst, of 2·len(a) words, to a². a has at most MaxShort words and must
// not overlap dst. Products of two different words are calculated once and
// doubled.
func Square(dst, a []uint64) {
	if len(a) <= few {
		var buffer [few]uint64
		square(dst, a, reverse(buffer[:len(a)], a))
		return
	}
	var buffer [MaxShort]uint64
	square(dst, a, reverse(buffer[:len(a)], a))
}

// square is Square with the words of a also in descending order of significance.
func square(dst, a, descending []uint64) {
	var c column
	for i := range dst {
		first, last := max(0, i-len(a)+1), (i+1)/2
		var d column
		if first < last {
			d = dot(a[first:last], descending[len(a)-1-i+first:])
			d = column{d.s0 << 1, d.s1<<1 | d.s0>>63, d.s2<<1 | d.s1>>63}
		}
		if i%2 == 0 {
			hi, lo := bits.Mul64(a[i/2], a[i/2])
			d = d.plus(column{lo, hi, 0})
		}
		dst[i], c = c.plus(d).shift()
	}
}

// reverse sets dst to a in reverse order and returns it.
func reverse(dst, a []uint64) []uint64 {
	for i, word := range a {
		dst[len(a)-1-i] = word
	}
	return dst
}
