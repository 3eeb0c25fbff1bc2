package preview

import (
	"context"
	"math/big"
	"strconv"
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
	index  core.Index
	name   string   // such as "F(1,000)"
	minus  string   // "−" if the number is negative
	digits *big.Int // how many
	whole  string   // all digits in groups, if they are no more than maxWhole

	leading, trailing string // endDigits, of a longer number
}

// numberAt returns what is shown of F(n), which is known without calculating it
// unless its digits are few.
func numberAt(ctx context.Context, n core.Index) (number, error) {
	term, err := fibonacci.At(big.NewInt(int64(n)))
	if err != nil {
		return number{}, err
	}
	f := number{index: n, name: "F(" + grouped(n.String()) + ")", digits: term.DigitCount()}
	if term.Sign() < 0 {
		f.minus = "−"
	}
	if f.digits.Cmp(big.NewInt(maxWhole)) <= 0 {
		text, err := fibonacci.Text(ctx, n)
		f.whole = grouped(strings.TrimPrefix(text, "-"))
		return f, err
	}
	if f.leading, err = term.Leading(endDigits); err != nil {
		return number{}, err
	}
	f.trailing, err = term.Trailing(endDigits)
	return f, err
}

// parseIndex returns the index in the address of a page: in its canonical form, to
// which the page leads from others.
func parseIndex(text string) (core.Index, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	index := core.Index(n)
	return index, err == nil && -core.MaxIndex <= index && index <= core.MaxIndex && index.String() == text
}

// length says how many digits the number has, such as "209 digits".
func (f number) length() string {
	if f.digits.Cmp(big.NewInt(1)) == 0 {
		return "1 digit"
	}
	return grouped(f.digits.String()) + " digits"
}

// exponent returns the exponent of the power of ten in scientific notation.
func (f number) exponent() string {
	return grouped(new(big.Int).Sub(f.digits, big.NewInt(1)).String())
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
	return "The Fibonacci number " + f.name + " has " + f.length() + ". It begins with " + f.minus + f.leading + " and ends with " + f.trailing +
		". See which primes divide it, each of its digits, and its neighbours."
}

// grouped returns digits in groups of three, 100000 as "100,000", with a minus sign
// instead of a hyphen.
func grouped(digits string) string {
	digits, negative := strings.CutPrefix(digits, "-")
	var b strings.Builder
	if negative {
		b.WriteString("−")
	}
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	return b.String()
}
