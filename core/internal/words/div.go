package words

import "math/bits"

// QuoRemWord sets dst, which has the length of a and may be a, to a / m and returns
// the remainder. m must not be 0; it may exceed Base.
func QuoRemWord(dst, a []uint64, m uint64) (remainder uint64) {
	for i := len(a) - 1; i >= 0; i-- {
		hi, lo := bits.Mul64(remainder, Base)
		lo, carry := bits.Add64(lo, a[i], 0)
		dst[i], remainder = bits.Div64(hi+carry, lo, m)
	}
	return remainder
}

// QuoRem sets quotient, of len(a)−len(b) words, to a / b, and the lowest len(b)
// words of a to the remainder; the others become 0. b has at least two words, the
// highest of which is at least Base/2, and the highest len(b) words of a are a
// number below b.
//
// It is schoolbook division: D. E. Knuth, "The Art of Computer Programming" 2,
// section 4.3.1, algorithm D.
func QuoRem(quotient, a, b []uint64) {
	n := len(b)
	for j := len(quotient) - 1; j >= 0; j-- {
		part := a[j : j+n]
		q := quotientWord(a[j+n], a[j+n-1], a[j+n-2], b[n-1], b[n-2])
		if borrow := subProduct(part, b, q); borrow > a[j+n] {
			q-- // it was one too large
			Add(part, part, b)
		}
		a[j+n] = 0
		quotient[j] = q
	}
}

// quotientWord returns a word of the quotient, or one more, from the highest words
// of the dividend, a2, which is at most b1, a1 and a0, and of the divisor, b1 and b0.
func quotientWord(a2, a1, a0, b1, b0 uint64) uint64 {
	q, r := Base-1, a1 // the remainder for a2 = b1 is a1 + b1
	switch {
	case a2 < b1:
		hi, lo := bits.Mul64(a2, Base)
		lo, carry := bits.Add64(lo, a1, 0)
		q, r = bits.Div64(hi+carry, lo, b1)
	case r >= Base-b1:
		return q
	default:
		r += b1
	}
	for {
		hi, lo := bits.Mul64(q, b0)
		restHi, restLo := bits.Mul64(r, Base)
		restLo, carry := bits.Add64(restLo, a0, 0)
		restHi += carry
		if hi < restHi || hi == restHi && lo <= restLo {
			return q
		}
		q--
		if r >= Base-b1 {
			return q
		}
		r += b1
	}
}

// subProduct subtracts the product of b and the word q from a, which has the length
// of b, and returns the borrow.
func subProduct(a, b []uint64, q uint64) (borrow uint64) {
	for i, word := range b {
		hi, lo := bits.Mul64(q, word)
		lo, carry := bits.Add64(lo, borrow, 0)
		over, low := bits.Div64(hi+carry, lo, Base)
		var under uint64
		a[i], under = sub(a[i], low, 0)
		borrow = over + under
	}
	return borrow
}
