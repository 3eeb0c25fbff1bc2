package decimal

import (
	"math"
	"math/big"
	"strings"
)

// Int is an integer: a Natural with a sign. The zero Int is 0. Like a Natural it is
// immutable but for the methods that decode.
type Int struct {
	magnitude Natural
	negative  bool // only if magnitude is not 0
}

// NewInt returns x as an Int.
func NewInt(x int64) Int {
	if x < 0 {
		return Signed(FromUint64(-uint64(x)), true)
	}
	return Signed(FromUint64(uint64(x)), false)
}

// Signed returns the magnitude, with a minus sign if negative is true and the
// magnitude is not 0.
func Signed(magnitude Natural, negative bool) Int {
	return Int{magnitude, negative && !magnitude.IsZero()}
}

// IntFromBig returns x as an Int. Most of its time is that of x.Text(10).
func IntFromBig(x *big.Int) Int {
	magnitude, err := FromBig(new(big.Int).Abs(x))
	if err != nil {
		panic(err) // an absolute value is not negative
	}
	return Signed(magnitude, x.Sign() < 0)
}

// ParseInt returns the integer that text represents: what Parse accepts, after an
// optional "-" or "+".
func ParseInt(text string) (Int, error) {
	digits, negative := strings.CutPrefix(text, "-")
	if !negative {
		digits, _ = strings.CutPrefix(text, "+")
	}
	magnitude, err := Parse(digits)
	return Signed(magnitude, negative), err
}

// Abs returns the absolute value of x.
func (x Int) Abs() Natural { return x.magnitude }

// Sign returns −1 if x < 0, 0 if x = 0 and 1 if x > 0.
func (x Int) Sign() int {
	switch {
	case x.negative:
		return -1
	case x.magnitude.IsZero():
		return 0
	}
	return 1
}

// IsZero reports whether x is 0.
func (x Int) IsZero() bool { return x.magnitude.IsZero() }

// Cmp returns −1 if x < y, 0 if x = y and 1 if x > y.
func (x Int) Cmp(y Int) int {
	switch {
	case x.negative && y.negative:
		return y.magnitude.Cmp(x.magnitude)
	case x.negative:
		return -1
	case y.negative:
		return 1
	}
	return x.magnitude.Cmp(y.magnitude)
}

// Equal reports whether x = y.
func (x Int) Equal(y Int) bool {
	return x.negative == y.negative && x.magnitude.Equal(y.magnitude)
}

// Neg returns −x.
func (x Int) Neg() Int { return Signed(x.magnitude, !x.negative) }

// Add returns x + y.
func (x Int) Add(y Int) Int {
	switch {
	case x.negative == y.negative:
		return Int{x.magnitude.Add(y.magnitude), x.negative}
	case x.magnitude.Cmp(y.magnitude) < 0:
		return Signed(y.magnitude.Sub(x.magnitude), y.negative)
	}
	return Signed(x.magnitude.Sub(y.magnitude), x.negative)
}

// Sub returns x − y.
func (x Int) Sub(y Int) Int { return x.Add(y.Neg()) }

// Mul returns x · y.
func (x Int) Mul(y Int) Int {
	return Signed(x.magnitude.Mul(y.magnitude), x.negative != y.negative)
}

// QuoRem returns the quotient of x and y, rounded toward 0 as the operator / of Go
// does, and the remainder, which has the sign of x. It panics if y is 0.
func (x Int) QuoRem(y Int) (quotient, remainder Int) {
	q, r := x.magnitude.QuoRem(y.magnitude)
	return Signed(q, x.negative != y.negative), Signed(r, x.negative)
}

// Mod returns x modulo m, which is between 0 and m−1 also if x is negative. It panics
// if m is 0.
func (x Int) Mod(m uint64) uint64 {
	r := x.magnitude.Mod(m)
	if x.negative && r > 0 {
		return m - r
	}
	return r
}

// Exp returns x to the power n. 0 to the power 0 is 1.
func (x Int) Exp(n uint64) Int { return Signed(x.magnitude.Exp(n), x.negative && n%2 == 1) }

// IsInt64 reports whether x fits an int64.
func (x Int) IsInt64() bool {
	limit := uint64(math.MaxInt64)
	if x.negative {
		limit++
	}
	return x.magnitude.IsUint64() && x.magnitude.Uint64() <= limit
}

// Int64 returns x as an int64. If x does not fit one, which IsInt64 reports, the
// result is not defined.
func (x Int) Int64() int64 {
	if x.negative {
		return -int64(x.magnitude.Uint64())
	}
	return int64(x.magnitude.Uint64())
}

// Big returns x as a big.Int. Most of its time is that of big.Int.SetString.
func (x Int) Big() *big.Int {
	b := x.magnitude.Big()
	if x.negative {
		b.Neg(b)
	}
	return b
}

// String returns x in decimal.
func (x Int) String() string {
	if x.IsZero() {
		return "0"
	}
	w := x.magnitude.words
	text := make([]byte, 1+len(w)*WordDigits)
	formatWords(text[1:], w)
	start := len(text) - int(x.magnitude.DigitCount())
	if x.negative {
		start--
		text[start] = '-'
	}
	return stringOf(text[start:])
}
