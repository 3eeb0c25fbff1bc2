package core

import (
	"context"
	"fmt"
	"time"
)

// DefaultMaxIndex is the largest absolute value of an index that a service
// accepts by default. F(10^8) has 20,898,764 digits.
const DefaultMaxIndex Index = 100_000_000

// Limits bound what a service accepts.
type Limits struct {
	// MaxIndex is the largest absolute value of an index that is accepted, at
	// most the constant MaxIndex. 0 means DefaultMaxIndex. It should not exceed
	// what the Calculator can calculate.
	MaxIndex Index

	// MaxBacklog is how much work may wait, as the time that one worker needs for
	// it. 0 means DefaultMaxBacklog. A submitter may have as much work waiting as
	// it leaves free for others, so half of MaxBacklog if it is the only one.
	MaxBacklog time.Duration
}

// check returns an error of KindInvalid or KindTooLarge if n is not acceptable.
func (l Limits) check(n Index, calculator Calculator) error {
	if n > MaxIndex || n < -MaxIndex {
		return &Error{
			Kind:    KindInvalid,
			Field:   "index",
			Message: fmt.Sprintf("The index must be between −%d and %d.", MaxIndex, MaxIndex),
		}
	}
	limit := l.MaxIndex
	if limit == 0 {
		limit = DefaultMaxIndex
	}
	if n.Abs() <= limit {
		return nil
	}
	estimate := calculator.Estimate(n)
	return &Error{
		Kind:     KindTooLarge,
		Field:    "index",
		Message:  fmt.Sprintf("Indices from −%d to %d are accepted here. F(%d) has %d digits.", limit, limit, n, estimate.Digits),
		Estimate: &estimate,
	}
}

// Estimate returns what the calculation of F(n) would cost. It records nothing.
// The error is of KindInvalid or KindTooLarge if Submit would not accept n.
func (s *Service) Estimate(ctx context.Context, n Index) (Estimate, error) {
	if err := s.limits.check(n, s.ports.Calculator); err != nil {
		return Estimate{}, err
	}
	if err := s.checkMemory(ctx, n); err != nil {
		return Estimate{}, err
	}
	return s.ports.Calculator.Estimate(n), nil
}
