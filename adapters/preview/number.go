package preview

import (
	"context"
	"math/big"
	"strings"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/fibonacci"
)

const (
	// maxWhole is how many digits a number has at most that is shown whole on its
	// page; web/src/numbers/digitEnds.ts has the same.
	maxWhole = 120
	// endDigits are the digits at each end of a longer number.
	endDigits = 20
)

// number is what is shown of F(n).
type number struct {
	index  string   // in decimal
	name   string   // such as "F(1,000)"
	minus  string   // "−" if the number is negative
	digits *big.Int // how many
	whole  string   // all digits in groups, if they are no more than maxWhole
	beyond bool     // whether it is too large for all of its digits to be calculated anywhere

	leading, trailing string // endDigits, of a longer number
}

// numberOf returns what is shown of a Fibonacci number, which is known without
// calculating it unless its digits are few.
func numberOf(ctx context.Context, term fibonacci.Term) (number, error) {
	index := term.Index().String()
	f := number{index: index, name: "F(" + short(index) + ")", digits: term.DigitCount()}
	f.beyond = term.Index().CmpAbs(big.NewInt(int64(core.MaxIndex))) > 0
	if term.Sign() < 0 {
		f.minus = "−"
	}
	if f.digits.Cmp(big.NewInt(maxWhole)) <= 0 {
		text, err := fibonacci.Text(ctx, core.Index(term.Index().Int64()))
		f.whole = grouped(strings.TrimPrefix(text, "-"))
		return f, err
	}
	var err error
	if f.leading, err = term.Leading(endDigits); err != nil {
		return number{}, err
	}
	f.trailing, err = term.Trailing(endDigits)
	return f, err
}

// parseTerm returns the number whose index is in the address of a page: in its
// canonical form, to which the page leads from others.
func parseTerm(text string) (fibonacci.Term, bool) {
	const longest = fibonacci.MaxExponent + 2 // a sign, and the digits of 10^1000
	if len(text) > longest {
		return fibonacci.Term{}, false
	}
	n, ok := new(big.Int).SetString(text, 10)
	if !ok || n.String() != text {
		return fibonacci.Term{}, false
	}
	term, err := fibonacci.At(n)
	return term, err == nil
}

// length says how many digits the number has, such as "209 digits" or "about 2.0899 ×
// 10^19 digits".
func (f number) length() string {
	if f.digits.Cmp(big.NewInt(1)) == 0 {
		return "1 digit"
	}
	return size(f.digits) + " digits"
}

// exponent returns the exponent of the power of ten in scientific notation.
func (f number) exponent() string {
	return short(new(big.Int).Sub(f.digits, big.NewInt(1)).String())
}

// mantissa returns the first digits in scientific notation, with the sign.
func (f number) mantissa(digits int) string {
	return f.minus + f.leading[:1] + "." + f.leading[1:digits] + "…"
}

// title is the title of the page, without the name of the site. The page itself
// has the same: web/src/numbers/title.ts.
func (f number) title() string {
	if f.digits.Cmp(big.NewInt(maxTitle)) <= 0 {
		return f.name + " = " + f.minus + f.whole
	}
	return f.name + ": " + f.length() + ", " + f.minus + f.first(8) + "…"
}

// maxTitle is how many digits a number has at most that is whole in a title.
const maxTitle = 30

// first returns the first digits.
func (f number) first(digits int) string {
	if f.whole != "" {
		return strings.ReplaceAll(f.whole, ",", "")[:digits]
	}
	return f.leading[:digits]
}

// description is the description of the page in a sentence or two.
func (f number) description() string {
	if f.whole != "" {
		return "The Fibonacci number " + f.name + " is " + f.minus + f.whole + ". See which primes divide it, each of its digits, and its neighbours."
	}
	text := "The Fibonacci number " + f.name + " has " + f.length() + ". It begins with " + f.minus + f.leading + " and ends with " + f.trailing
	if f.beyond {
		return text + ". See which primes divide it, and its neighbours."
	}
	return text + ". See which primes divide it, each of its digits, and its neighbours."
}
