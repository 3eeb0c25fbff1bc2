// Package fibonacci calculates Fibonacci numbers, every digit of them, in
// decimal from the first step to the last.
package fibonacci

import (
	"context"
	"fmt"

	"github.com/pisano-dev/pisano/core"
	"github.com/pisano-dev/pisano/core/decimal"
	"github.com/pisano-dev/pisano/core/decimal/ntt"
)

// Calculator implements core.Calculator.
type Calculator struct{}

var _ core.Calculator = Calculator{}

// New returns a Calculator. The first call measures this machine, which takes
// less than 0.1 seconds.
func New() Calculator {
	machine()
	return Calculator{}
}

// Calculate implements core.Calculator.
//
// It doubles the pair F(k−1), F(k), from the top bits of n down, by the
// identities of D. E. Knuth, "The Art of Computer Programming" 1, section
// 1.2.8; from some thousand digits on by the transforms of package ntt. Indices
// beyond some 4·10^12 are refused with core.KindTooLarge; up to there memory is
// the bound, and the caller's to mind: see Estimate.
func (c Calculator) Calculate(ctx context.Context, n core.Index, progress func(float64)) (decimal.Natural, error) {
	if n > core.MaxIndex || n < -core.MaxIndex {
		return decimal.Natural{}, &core.Error{Kind: core.KindInvalid, Field: "index",
			Message: fmt.Sprintf("An index lies between −%d and %d.", core.MaxIndex, core.MaxIndex)}
	}
	size := uint64(n.Abs())
	if size > transformIndex && newDoubling(size).points(size) > ntt.MaxPoints {
		estimate := c.Estimate(n)
		return decimal.Natural{}, &core.Error{Kind: core.KindTooLarge, Field: "index", Estimate: &estimate,
			Message: fmt.Sprintf("F(%d) has %d digits, more than can be calculated.", n, estimate.Digits)}
	}
	if ctx.Err() != nil {
		return decimal.Natural{}, context.Cause(ctx)
	}
	if size <= wordIndex {
		if progress != nil {
			progress(1)
		}
		return firstNumbers()[size], nil
	}
	w := startWork(ctx, size, progress)
	defer w.end()
	f, ok := number(size, w.step)
	ok = ok && verify(size, f, w.step)
	if w.stopped() {
		return decimal.Natural{}, context.Cause(ctx)
	}
	if !ok {
		return decimal.Natural{}, core.NewError(core.KindInternal, "The result did not pass its check.")
	}
	w.finish()
	return f, nil
}

// number returns F(n) for n larger than wordIndex, or false as soon as step did.
func number(n uint64, step func(work int64) bool) (decimal.Natural, bool) {
	if n < transformIndex {
		return small(n), true
	}
	return newDoubling(n).run(step)
}
