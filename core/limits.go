package core

import (
	"fmt"
	"time"
)

// DefaultMaxIndex is the largest size of index a service accepts unless told
// otherwise: F(10^8) has 20,898,764 digits.
const DefaultMaxIndex Index = 100_000_000

// Limits bound what a service accepts.
type Limits struct {
	MaxIndex Index // largest size of index; 0 means DefaultMaxIndex

	// MaxBacklog is how much work may wait, as the time that one worker would
	// need for it; 0 means DefaultMaxBacklog. One submitter may have as much of it
	// waiting as it leaves free for others, so half of it at most.
	MaxBacklog time.Duration
}

// check refuses an index that is out of bounds or too expensive, before
// anything is begun.
func (l Limits) check(n Index, calculator Calculator) error {
	if n > MaxIndex || n < -MaxIndex {
		return &Error{
			Kind:    KindInvalid,
			Field:   "index",
			Message: fmt.Sprintf("An index lies between −%d and %d.", MaxIndex, MaxIndex),
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
		Message:  fmt.Sprintf("The largest size of index accepted here is %d. F(%d) has %d digits.", limit, n, estimate.Digits),
		Estimate: &estimate,
	}
}

// Estimate tells what the calculation of F(n) would cost, for whoever thinks of
// submitting it; nothing is recorded. The errors are those of Submit that are
// about the index: KindInvalid and KindTooLarge.
func (s *Service) Estimate(n Index) (Estimate, error) {
	if err := s.limits.check(n, s.ports.Calculator); err != nil {
		return Estimate{}, err
	}
	return s.ports.Calculator.Estimate(n), nil
}
