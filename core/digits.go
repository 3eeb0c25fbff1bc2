package core

import (
	"context"
	"fmt"
)

// Digits returns count digits of the magnitude of F(n) as decimal text, from
// digit first on, 0 being the most significant. KindNotFound if n was never
// submitted, KindNotReady if its value is not there yet, or no longer: then it
// is being calculated again.
func (s *Service) Digits(ctx context.Context, n Index, first, count int64) ([]byte, error) {
	digits, err := s.ports.Cache.Digits(ctx, n, first, count)
	if !IsNotFound(err) {
		return digits, err
	}
	_, err = s.Summary(ctx, n)
	if err == nil {
		err = notReady(n)
	}
	return nil, err
}

// Summary returns what is known of a value without its digits; the errors are
// those of Digits.
func (s *Service) Summary(ctx context.Context, n Index) (Summary, error) {
	status, err := s.Status(ctx, n)
	if err != nil {
		return Summary{}, err
	}
	switch status.State {
	case StateCalculated:
		return *status.Summary, nil
	case StateFailed:
		return Summary{}, &Error{Kind: KindNotReady, Field: "index",
			Message: fmt.Sprintf("F(%d) could not be calculated: %s Submit it again to have it tried anew.", n, status.Reason)}
	default:
		return Summary{}, notReady(n)
	}
}

func notReady(n Index) error {
	return &Error{Kind: KindNotReady, Field: "index",
		Message: fmt.Sprintf("F(%d) is being calculated. Ask again later.", n)}
}
