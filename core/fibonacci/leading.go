package fibonacci

import (
	"fmt"
	"math/big"
	"strings"
)

// DigitCount returns the number of decimal digits of |t|, which is 1 for F(0) = 0.
func (t Term) DigitCount() *big.Int {
	_, digits := t.prefix(1)
	return digits
}

// Leading returns the first k digits of |t|, or all if there are fewer. The error is
// of core.KindInvalid unless 1 ≤ k ≤ MaxDigits.
//
// Every digit is proven. |t| is 10^y, y = |n| log₁₀ φ − log₁₀ √5 for Fibonacci and y
// = |n| log₁₀ φ for Lucas numbers, but for a factor within φ^−2|n| of 1: Binet's
// formula. The fraction of y gives the digits, in an interval whose width is proven.
// Where two ends of the interval differ in their first k digits, it is calculated
// with twice the precision: A. Ziv, "Fast evaluation of elementary mathematical
// functions with correctly rounded last bit" (1991). Numbers that are hardly longer
// than the precision are calculated exactly, so that this ends.
func (t Term) Leading(k int) (string, error) {
	if err := checkDigits(k); err != nil {
		return "", err
	}
	digits, _ := t.prefix(k)
	return digits.String(), nil
}

// Scientific is a number in scientific notation: Mantissa·10^Exponent.
type Scientific struct {
	Mantissa string // such as "-1.25": one digit before the point
	Exponent *big.Int
}

// String returns the number in the form of the verb %e, such as "1.25e+20".
func (s Scientific) String() string { return fmt.Sprintf("%se%+d", s.Mantissa, s.Exponent) }

// Scientific returns t rounded to k significant digits, a tie away from zero. A
// shorter number has all its digits and no others. The error is of core.KindInvalid
// unless 1 ≤ k < MaxDigits.
func (t Term) Scientific(k int) (Scientific, error) {
	if k == MaxDigits {
		return Scientific{}, invalid("digits", fmt.Sprintf("The number of digits must be between 1 and %d.", MaxDigits-1))
	}
	if err := checkDigits(k); err != nil {
		return Scientific{}, err
	}
	prefix, exponent := t.prefix(k + 1)
	digits := prefix.String()
	exponent.Sub(exponent, big.NewInt(1))
	if len(digits) > k {
		prefix.Add(prefix, big.NewInt(5))
		rounded := prefix.String()
		if len(rounded) > len(digits) {
			exponent.Add(exponent, big.NewInt(1))
		}
		digits = rounded[:k]
	}
	var mantissa strings.Builder
	if t.Sign() < 0 {
		mantissa.WriteByte('-')
	}
	mantissa.WriteString(digits[:1])
	if len(digits) > 1 {
		mantissa.WriteByte('.')
		mantissa.WriteString(digits[1:])
	}
	return Scientific{mantissa.String(), exponent}, nil
}

func checkDigits(k int) error {
	if k < 1 || k > MaxDigits {
		return invalid("digits", fmt.Sprintf("The number of digits must be between 1 and %d.", MaxDigits))
	}
	return nil
}

// guardDigits is the number of additional digits of the first attempt. One attempt
// in 10^guardDigits, more or less, does not suffice.
const guardDigits = 20

// prefix returns the first k digits of |t|, or all, and the number of its digits.
func (t Term) prefix(k int) (prefix, digits *big.Int) {
	n := new(big.Int).Abs(t.index())
	for precision := k + guardDigits; ; precision *= 2 {
		// More indices than 10 times the digits: the number has more than twice the
		// digits, and φ^−2n is below 10^−4·precision.
		if n.CmpAbs(big.NewInt(10*int64(precision))) <= 0 {
			text := t.exact().String()
			prefix, _ = new(big.Int).SetString(text[:min(k, len(text))], 10)
			return prefix, big.NewInt(int64(len(text)))
		}
		if prefix, digits := t.approximate(n, k, precision); prefix != nil {
			return prefix, digits
		}
	}
}

// approximate returns the first k digits of |t| and the number of its digits, for n
// = |index| > 10·precision, or nil if the given number of digits does not settle
// them.
//
// The errors, in units of 10^−precision or less: y is wrong by less than 2, of which
// 1 is truncation. The product with ln 10 < 2.31 is wrong by less than 2·2.31 +
// 2 + 1 < 8. That and the relative error of the exponential are multiplied by the
// result, which is below 10. One more covers φ^−2n.
func (t Term) approximate(n *big.Int, k, precision int) (prefix, digits *big.Int) {
	w := uint(precision)*10/3 + 1
	c := logarithmsTo(uint(n.BitLen()) + w + 3)
	y := new(big.Int).Mul(n, c.log10Phi)
	if !t.lucas {
		y.Sub(y, c.log10Root5)
	}
	digits = new(big.Int).Rsh(y, c.bits)
	fraction := y.Sub(y, new(big.Int).Lsh(digits, c.bits))
	fraction.Rsh(fraction, c.bits-w)
	digits.Add(digits, big.NewInt(1))

	unit := new(big.Int).Lsh(big.NewInt(1), w)
	if margin := big.NewInt(2); fraction.Cmp(margin) < 0 || fraction.Cmp(new(big.Int).Sub(unit, margin)) >= 0 {
		return nil, nil // the number of digits is not settled
	}
	x := fraction.Mul(fraction, new(big.Int).Rsh(c.ln10, c.bits-w))
	value, bound := exponential(x.Rsh(x, w), w)

	margin := big.NewInt(10*(bound+8) + 1)
	scale := powerOf10(k - 1)
	first := func(x *big.Int) *big.Int { return x.Rsh(x.Mul(x, scale), w) }
	low, high := first(new(big.Int).Sub(value, margin)), first(new(big.Int).Add(value, margin))
	if low.Cmp(high) != 0 {
		return nil, nil
	}
	return low, digits
}
