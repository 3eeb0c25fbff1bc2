package core

import (
	"context"
	"time"

	"github.com/pisano-dev/pisano/core/decimal"
)

// Calculator is the port that turns an index into its Fibonacci number.
//
// A Calculator is safe for concurrent use. Indices beyond MaxIndex in size are
// refused with KindInvalid.
type Calculator interface {
	// Estimate tells what Calculate would cost, without doing it. It returns
	// within microseconds and does not fail: whoever asks wants to refuse.
	Estimate(n Index) Estimate

	// Calculate returns the magnitude |F(n)|; its sign is n.Negative().
	//
	// The result has been checked against an independent computation before it
	// is returned; one that fails the check is KindInternal and never returned.
	//
	// progress, which may be nil, is called by one goroutine at a time with the
	// fraction of the work that is done: it never decreases, lies within 0 and
	// 1, and moves about evenly with time. It must return quickly.
	//
	// When ctx ends, Calculate returns its cause within 100 ms, holding on to
	// no goroutine, and to no memory but what it keeps for the next calculation
	// and lets go when idle.
	Calculate(ctx context.Context, n Index, progress func(fraction float64)) (decimal.Natural, error)
}

// Estimate is what a calculation is expected to cost.
type Estimate struct {
	Digits   int64         // decimal digits of the result, exact
	Bytes    int64         // memory at the peak of the calculation
	Duration time.Duration // time on this machine
}
