package decimal

import "math/bits"

// Mod returns the remainder of x divided by m. It panics if m is 0. It is
// fastest for m below 2^61.
func (x Natural) Mod(m uint64) uint64 {
	if m < 1<<61 && len(x.words) >= 2*lanes {
		return x.modSmall(m)
	}
	r, base := uint64(0), Base%m
	for i := len(x.words) - 1; i >= 0; i-- {
		hi, lo := bits.Mul64(r, base)
		lo, carry := bits.Add64(lo, x.words[i], 0)
		r = bits.Rem64(hi+carry, lo, m)
	}
	return r
}

// lanes is how many remainders are calculated side by side, so that none waits
// for the multiplication of another.
const lanes = 4

// modSmall is Mod for m below 2^61: Horner's rule for every fourth word. A
// remainder is kept below 2m, and a word is below Base: their sum fits a word.
// The product with a constant is V. Shoup's.
func (x Natural) modSmall(m uint64) uint64 {
	base := Base % m
	step := uint64(1) // Base^lanes
	for range lanes {
		step = mulMod(step, base, m)
	}
	quotient, _ := bits.Div64(step, 0, m)
	var r [lanes]uint64
	whole := len(x.words) / lanes * lanes
	copy(r[:], x.words[whole:])
	for i := whole - lanes; i >= 0; i -= lanes {
		words := (*[lanes]uint64)(x.words[i:])
		for k := range r {
			q, _ := bits.Mul64(r[k], quotient)
			r[k] = r[k]*step - q*m + words[k]
		}
	}
	sum := uint64(0)
	for k := lanes - 1; k >= 0; k-- {
		sum = addMod(mulMod(sum, base, m), r[k]%m, m)
	}
	return sum
}

func mulMod(a, b, m uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return bits.Rem64(hi, lo, m)
}

// addMod returns a + b modulo m, for a and b below m, which is below 2^63.
func addMod(a, b, m uint64) uint64 { return min(a+b, a+b-m) }

// Split returns x / Base^words and the remainder, which share x's memory.
func (x Natural) Split(words int) (high, low Natural) {
	if words >= len(x.words) {
		return Natural{}, x
	}
	return Natural{x.words[words:]}, FromWords(x.words[:words:words])
}
