package decimal

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// Format implements fmt.Formatter. The verbs d, s and v print the number in decimal,
// and q prints it in quotes. A width, a precision, which is a least number of
// digits, and the flags "+", " ", "-" and "0" have the meaning that they have for
// integers.
func (x Natural) Format(s fmt.State, verb rune) { format(s, verb, Int{magnitude: x}, "Natural") }

// Format implements fmt.Formatter, as Natural.Format does.
func (x Int) Format(s fmt.State, verb rune) { format(s, verb, x, "Int") }

// format prints x. Errors of s are those of its destination, which package fmt
// reports.
func format(s fmt.State, verb rune, x Int, name string) {
	quote := ""
	switch verb {
	case 'd', 's', 'v':
	case 'q':
		quote = `"`
	default:
		fmt.Fprintf(s, "%%!%c(decimal.%s=%s)", verb, name, x.String())
		return
	}
	sign := ""
	switch {
	case x.negative:
		sign = "-"
	case verb == 'v': // %+v, of which the flag is that of a struct
	case s.Flag('+'):
		sign = "+"
	case s.Flag(' '):
		sign = " "
	}
	digits := x.magnitude.DigitCount()
	width, _ := s.Width()
	precision, precise := s.Precision()
	if precise && precision == 0 && x.IsZero() && quote == "" { // as for integers
		_, _ = io.WriteString(s, repeat(" ", int64(width)))
		return
	}
	zeros := max(0, int64(precision)-digits)
	padding := max(0, int64(width-2*len(quote)-len(sign))-zeros-digits)
	left, right := padding, int64(0)
	switch {
	case s.Flag('-'):
		left, right = 0, padding
	case s.Flag('0') && !precise && quote == "":
		left, zeros = 0, padding
	}
	_, _ = io.WriteString(s, repeat(" ", left)+quote+sign+repeat("0", zeros))
	_, _ = x.magnitude.WriteTo(s)
	_, _ = io.WriteString(s, quote+repeat(" ", right))
}

func repeat(text string, count int64) string { return strings.Repeat(text, int(count)) }

// Scan implements fmt.Scanner, for the verbs d, s and v. It skips leading space and
// accepts what Parse accepts.
func (x *Natural) Scan(state fmt.ScanState, verb rune) error {
	y, err := scan(state, verb, false)
	if err == nil {
		*x = y.magnitude
	}
	return err
}

// Scan implements fmt.Scanner, for the verbs d, s and v. It skips leading space and
// accepts what ParseInt accepts.
func (x *Int) Scan(state fmt.ScanState, verb rune) error {
	y, err := scan(state, verb, true)
	if err == nil {
		*x = y
	}
	return err
}

// scan reads a number, with a sign if it may have one.
func scan(state fmt.ScanState, verb rune, signed bool) (Int, error) {
	if !strings.ContainsRune("dsv", verb) {
		return Int{}, fmt.Errorf("decimal: bad verb %%%c for a number", verb)
	}
	state.SkipSpace()
	first := true
	token, err := state.Token(false, func(r rune) bool {
		digit := r >= '0' && r <= '9' || signed && first && (r == '-' || r == '+')
		first = false
		return digit
	})
	switch {
	case err != nil:
		return Int{}, err
	case len(token) > 0:
		return ParseInt(string(token))
	}
	if _, _, err := state.ReadRune(); err != nil {
		return Int{}, io.ErrUnexpectedEOF
	}
	return Int{}, errors.New("decimal: expected a number")
}
