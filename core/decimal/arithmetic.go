package decimal

import "math/bits"

// Add returns x + y.
func (x Natural) Add(y Natural) Natural {
	a, b := x.words, y.words
	if len(a) < len(b) {
		a, b = b, a
	}
	sum := make([]uint64, len(a)+1)
	copy(sum, a)
	addTo(sum, b)
	return fromWords(sum)
}

// Sub returns x − y. It panics if y is larger than x.
func (x Natural) Sub(y Natural) Natural {
	if x.Cmp(y) < 0 {
		panic("decimal: the difference is below zero")
	}
	difference := make([]uint64, len(x.words))
	copy(difference, x.words)
	subFrom(difference, y.words)
	return fromWords(difference)
}

// addTo adds b to a, which has room for the carry.
func addTo(a, b []uint64) {
	var carry uint64
	for i := 0; i < len(b) || carry > 0; i++ {
		addend := carry
		if i < len(b) {
			addend += b[i]
		}
		sum, over := bits.Add64(a[i], addend, 0)
		carry = 0
		if over > 0 || sum >= Base {
			sum -= Base
			carry = 1
		}
		a[i] = sum
	}
}

// subFrom subtracts b from a, which is not smaller.
func subFrom(a, b []uint64) {
	var borrow uint64
	for i := 0; i < len(b) || borrow > 0; i++ {
		subtrahend := borrow
		if i < len(b) {
			subtrahend += b[i]
		}
		borrow = 0
		if a[i] < subtrahend {
			a[i] += Base
			borrow = 1
		}
		a[i] -= subtrahend
	}
}

// Mod returns the remainder of x divided by m. It panics if m is 0.
func (x Natural) Mod(m uint64) uint64 {
	r, base := uint64(0), Base%m
	for i := len(x.words) - 1; i >= 0; i-- {
		hi, lo := bits.Mul64(r, base)
		lo, carry := bits.Add64(lo, x.words[i], 0)
		r = bits.Rem64(hi+carry, lo, m)
	}
	return r
}

// MulUint64 returns x · m, for an m below Base.
func (x Natural) MulUint64(m uint64) Natural {
	if m == 0 {
		return Natural{}
	}
	return x.Mul(Natural{[]uint64{m}})
}

// Half returns x / 2, rounded down.
func (x Natural) Half() Natural {
	half := make([]uint64, len(x.words))
	var rest uint64
	for i := len(x.words) - 1; i >= 0; i-- {
		half[i] = x.words[i]/2 + rest
		rest = x.words[i] % 2 * (Base / 2)
	}
	return fromWords(half)
}

// Mul returns x · y.
func (x Natural) Mul(y Natural) Natural { return new(Work).Mul(x, y) }

// Work watches multiplications, and may stop them. The zero value does not.
type Work struct {
	// Step, if not nil, is called every so often with the count of products of
	// words done since the last call. When it returns false the multiplication
	// under way is broken off and its result is worth nothing.
	Step func(products int64) bool

	stopped bool
}

// Mul returns x · y, or nothing of worth after Step returned false.
func (w *Work) Mul(x, y Natural) Natural {
	if x.IsZero() || y.IsZero() {
		return Natural{}
	}
	product := make([]uint64, len(x.words)+len(y.words))
	w.multiply(product, x.words, y.words)
	if w.stopped {
		return Natural{}
	}
	return fromWords(product)
}

// Square returns x · x.
func (x Natural) Square() Natural { return x.Mul(x) }

// karatsubaWords is the size from which three half-size products beat four.
const karatsubaWords = 48

// multiply sets product, of len(a)+len(b) words, to a · b.
func (w *Work) multiply(product, a, b []uint64) {
	if len(a) < len(b) {
		a, b = b, a
	}
	switch {
	case w.stopped:
	case len(b) < karatsubaWords:
		schoolbook(product, a, b)
		if w.Step != nil {
			w.stopped = !w.Step(int64(len(a)) * int64(len(b)))
		}
	case 2*len(b) <= len(a):
		clear(product)
		part := make([]uint64, 2*len(b))
		for i := 0; i < len(a); i += len(b) {
			piece := a[i:min(i+len(b), len(a))]
			part := part[:len(piece)+len(b)]
			w.multiply(part, piece, b)
			addTo(product[i:], part)
		}
	default:
		w.karatsuba(product, a, b)
	}
}

// schoolbook multiplies column by column; a column's sum fits three words as
// long as b has fewer than 2^60.
func schoolbook(product, a, b []uint64) {
	var s0, s1, s2 uint64
	for column := range product {
		for j := max(0, column-len(a)+1); j < len(b) && j <= column; j++ {
			hi, lo := bits.Mul64(a[column-j], b[j])
			var c uint64
			s0, c = bits.Add64(s0, lo, 0)
			s1, c = bits.Add64(s1, hi, c)
			s2 += c
		}
		q2, r := s2/Base, s2%Base
		q1, r := bits.Div64(r, s1, Base)
		q0, r := bits.Div64(r, s0, Base)
		product[column] = r
		s0, s1, s2 = q0, q1, q2
	}
}

// karatsuba multiplies by A. Karatsuba and Yu. Ofman, "Multiplication of
// many-digital numbers by automatic computers" (1962). b has more than half
// the words of a.
func (w *Work) karatsuba(product, a, b []uint64) {
	half := (len(a) + 1) / 2
	a0, a1, b0, b1 := a[:half], a[half:], b[:half], b[half:]
	low, high := product[:2*half], product[2*half:]
	w.multiply(low, a0, b0)
	w.multiply(high, a1, b1)

	sumA, sumB := make([]uint64, half+1), make([]uint64, half+1)
	middle := make([]uint64, 2*(half+1))
	copy(sumA, a0)
	addTo(sumA, a1)
	copy(sumB, b0)
	addTo(sumB, b1)
	w.multiply(middle, sumA, sumB)
	if w.stopped {
		return
	}
	subFrom(middle, low)
	subFrom(middle, high)
	addTo(product[half:], trim(middle))
}
