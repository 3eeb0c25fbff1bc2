package core

import "context"

// Estimate returns what the calculation of F(n) would cost. Its Duration is
// that on the workers, if their speed is known, otherwise on this machine. It
// records nothing. The error is of KindTooLarge if Submit would not accept n. For
// an index beyond MaxIndex its estimate is that of MaxIndex.
func (s *Service) Estimate(ctx context.Context, n Index) (Estimate, error) {
	if err := s.limits.check(n, s.ports.Calculator); err != nil {
		return Estimate{}, err
	}
	estimate := s.ports.Calculator.Estimate(n)
	if err := s.checkMemory(ctx, []Index{n}, []Estimate{estimate}); err != nil {
		return Estimate{}, err
	}
	mean, _ := speedOf(liveWorkers(ctx, s.ports.Workers))
	estimate.Duration = atSpeed(estimate.Duration, mean)
	return estimate, nil
}
