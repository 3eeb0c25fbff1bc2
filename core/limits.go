package core

import (
	"fmt"
	"time"
)

// DefaultMaxIndex is the largest absolute value of an index that a service
// accepts by default. F(10^8) has 20,898,764 digits.
const DefaultMaxIndex Index = 100_000_000

// Limits bound what a service accepts, and what it keeps in memory.
type Limits struct {
	// MaxIndex is the largest absolute value of an index that is accepted, at
	// most the constant MaxIndex. 0 means DefaultMaxIndex. It should not exceed
	// what the Calculator can calculate.
	MaxIndex Index

	// MaxBacklog is how much work may wait, as the time that one worker needs for
	// it. 0 means DefaultMaxBacklog. A submitter may have as much work waiting as
	// it leaves free for others, so half of MaxBacklog if it is the only one.
	MaxBacklog time.Duration

	// Memory is how much memory may be taken by summaries that are kept for those
	// who read them next, in bytes. 0 means that none are kept: see Service.Status.
	Memory int64
}

// check returns an error of KindTooLarge if n is not acceptable.
func (l Limits) check(n Index, calculator Calculator) error {
	limit := l.MaxIndex
	if limit == 0 {
		limit = DefaultMaxIndex
	}
	if -limit <= n && n <= limit {
		return nil
	}
	known, comparison := max(-MaxIndex, min(MaxIndex, n)), ""
	if known != n {
		comparison = "more than " // estimates end at MaxIndex
	}
	estimate := calculator.Estimate(known)
	return &Error{
		Kind:     KindTooLarge,
		Field:    "index",
		Message:  fmt.Sprintf("Indices from −%d to %d are accepted here. F(%d) has %s%d digits.", limit, limit, n, comparison, estimate.Digits),
		Estimate: &estimate,
	}
}
