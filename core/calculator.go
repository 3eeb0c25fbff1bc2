package core

import (
	"context"
	"time"

	"github.com/pisano-dev/pisano/core/decimal"
)

// Calculator is the port that calculates Fibonacci numbers.
//
// A Calculator is safe for concurrent use.
type Calculator interface {
	// Estimate returns what Calculate would cost. It takes microseconds and can't
	// fail, so that expensive indices are refused cheaply. Beyond MaxIndex the
	// estimate is positive and means nothing.
	Estimate(n Index) Estimate

	// Calculate returns the magnitude |F(n)|; its sign is n.Negative(). For an
	// index whose absolute value exceeds MaxIndex the error is of KindInvalid; for
	// another that is too large to be calculated, of KindTooLarge.
	//
	// The result is checked against an independent computation. If it fails the
	// check, it is not returned, and the error is of KindInternal.
	//
	// progress, if not nil, is called with the fraction of the work that is done,
	// from 0 to 1, by one goroutine at a time, which need not be the caller's. The
	// fraction never decreases and grows about evenly with time. progress must return
	// quickly, and neither panic nor call runtime.Goexit, as testing.T.FailNow does.
	//
	// When ctx ends, Calculate returns its cause within 100 ms and leaves no
	// goroutine behind. It may keep memory for the next calculation, which it frees
	// when idle.
	Calculate(ctx context.Context, n Index, progress func(fraction float64)) (decimal.Natural, error)
}

// Estimate is the expected cost of a calculation.
type Estimate struct {
	Digits   int64         // number of decimal digits of the result, exact
	Bytes    int64         // peak memory, in bytes
	Duration time.Duration // on the machine that estimates, otherwise idle
}
