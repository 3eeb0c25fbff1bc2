package fibonacci

import (
	"context"
	"io"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
)

// Magnitude returns |F(n)|; the sign of F(n) is n.Negative(). The errors are those
// of Calculator.Calculate. New().Estimate(n) returns the memory and the time that
// it takes.
func Magnitude(ctx context.Context, n core.Index) (decimal.Natural, error) {
	return Calculator{}.Calculate(ctx, n, nil)
}

// Text returns F(n) in decimal, with a minus sign if it is negative. The errors are
// those of Calculator.Calculate.
func Text(ctx context.Context, n core.Index) (string, error) {
	f, err := Magnitude(ctx, n)
	if err != nil {
		return "", err
	}
	if n.Negative() {
		return "-" + f.String(), nil
	}
	return f.String(), nil
}

// AppendText appends F(n) in decimal to dst, with a minus sign if it is negative. The
// errors are those of Calculator.Calculate; with an error dst is returned unchanged.
func AppendText(ctx context.Context, dst []byte, n core.Index) ([]byte, error) {
	f, err := Magnitude(ctx, n)
	if err != nil {
		return dst, err
	}
	if n.Negative() {
		dst = append(dst, '-')
	}
	return f.AppendDigits(dst, 0, f.DigitCount()), nil
}

// Write writes F(n) in decimal to w, with a minus sign if it is negative, and
// returns the number of bytes written. The errors are those of
// Calculator.Calculate, before anything is written, and of w.
func Write(ctx context.Context, w io.Writer, n core.Index) (int64, error) {
	f, err := Magnitude(ctx, n)
	if err != nil {
		return 0, err
	}
	var sign int
	if n.Negative() {
		if sign, err = io.WriteString(w, "-"); err != nil {
			return int64(sign), err
		}
	}
	digits, err := f.WriteTo(w)
	return int64(sign) + digits, err
}
