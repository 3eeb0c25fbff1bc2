package core

import (
	"context"
	"fmt"
)

// Digits returns count digits of the magnitude of F(n) as decimal text, from
// digit first on; digit 0 is the most significant. The error is of KindNotFound
// if n was never submitted, of KindNotReady if it has no value yet or its
// calculation failed, and of KindInvalid if the value has no such digits. A value
// that is no longer in the cache is calculated again, as work of the submitter,
// and not ready until then; the error is of KindOverloaded if too much work is
// waiting for that.
func (s *Service) Digits(ctx context.Context, submitter string, n Index, first, count int64) ([]byte, error) {
	digits, err := s.ports.Cache.Digits(ctx, n, first, count)
	if !IsNotFound(err) {
		return digits, err
	}
	_, err = s.Summary(ctx, submitter, n)
	if err == nil {
		err = notReady(n)
	}
	return nil, err
}

// Summary returns the summary of the value of n, whose digits can be read. Its errors
// are of KindNotFound, KindNotReady and KindOverloaded, as those of Digits.
func (s *Service) Summary(ctx context.Context, submitter string, n Index) (Summary, error) {
	s.near.forget(n) // the digits are those in the ValueCache
	status, err := s.Status(ctx, submitter, n)
	if err != nil {
		return Summary{}, err
	}
	switch status.State {
	case StateCalculated:
		return *status.Summary, nil
	case StateFailed:
		return Summary{}, &Error{Kind: KindNotReady, Field: "index",
			Message: fmt.Sprintf("F(%d) could not be calculated: %s Submit it again to retry.", n, status.Reason)}
	default:
		return Summary{}, notReady(n)
	}
}

func notReady(n Index) error {
	return &Error{Kind: KindNotReady, Field: "index",
		Message: fmt.Sprintf("F(%d) is still being calculated. Try again later.", n)}
}
