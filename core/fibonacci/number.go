package fibonacci

import (
	"context"
	"io"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
)

// Number returns F(n). The errors are those of Calculator.Calculate; if ctx ends, the
// error is its cause.
func Number(ctx context.Context, n core.Index) (decimal.Int, error) {
	return Calculator{}.Number(ctx, n)
}

// Number returns F(n). The errors are those of Calculate.
func (c Calculator) Number(ctx context.Context, n core.Index) (decimal.Int, error) {
	f, err := c.Calculate(ctx, n, nil)
	return decimal.Signed(f, n.Negative()), err
}

// Magnitude returns |F(n)|. The errors are those of Number.
func Magnitude(ctx context.Context, n core.Index) (decimal.Natural, error) {
	return Calculator{}.Calculate(ctx, n, nil)
}

// Text returns F(n) in decimal, with a minus sign if it is negative. The errors are
// those of Number.
func Text(ctx context.Context, n core.Index) (string, error) {
	var text string
	err := with(ctx, n, func(f decimal.Int) { text = f.String() })
	return text, err
}

// AppendText appends F(n) in decimal to dst, with a minus sign if it is negative. The
// errors are those of Number; with an error dst is returned unchanged.
func AppendText(ctx context.Context, dst []byte, n core.Index) ([]byte, error) {
	err := with(ctx, n, func(f decimal.Int) { dst, _ = f.AppendText(dst) })
	return dst, err
}

// with calls use with F(n), which is valid until use returns: its memory serves the next
// calculation. The errors are those of Number.
func with(ctx context.Context, n core.Index, use func(decimal.Int)) error {
	c := Calculator{}
	if err := c.check(ctx, n); err != nil {
		return err
	}
	return c.calculate(ctx, uint64(n.Abs()), nil, false, func(f decimal.Natural) { use(decimal.Signed(f, n.Negative())) })
}

// Write writes F(n) in decimal to w, with a minus sign if it is negative, and
// returns the number of bytes written. The errors are those of Number, and of w. If
// ctx ends while it writes, Write ends with the cause.
func Write(ctx context.Context, w io.Writer, n core.Index) (int64, error) {
	f, err := Number(ctx, n)
	if err != nil {
		return 0, err
	}
	return f.WriteTo(contextWriter{ctx, w})
}

// contextWriter writes to w until ctx ends.
type contextWriter struct {
	ctx context.Context
	w   io.Writer
}

func (c contextWriter) Write(p []byte) (int, error) {
	if c.ctx.Err() != nil {
		return 0, context.Cause(c.ctx)
	}
	return c.w.Write(p)
}
