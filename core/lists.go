package core

import "context"

// Indices lists the indices submitted, newest first, below the given sequence
// number, or from the newest for 0.
func (s *Service) Indices(ctx context.Context, before int64, limit int) ([]Status, error) {
	records, err := s.ports.Store.List(ctx, before, limit)
	if err != nil {
		return nil, err
	}
	s.reflectFlush(ctx, records)
	jobs := s.jobs(ctx, pending(records...))
	statuses := make([]Status, len(records))
	for i, r := range records {
		statuses[i] = statusOf(r, nil, jobs)
	}
	return statuses, nil
}

// reflectFlush shows records as pending whose values went with an earlier
// life of the cache: the Reconciler is about to have them calculated again.
func (s *Service) reflectFlush(ctx context.Context, records []Record) {
	generation, err := s.ports.Cache.Generation(ctx)
	if err != nil {
		s.log.WarnContext(ctx, "cache not asked for its generation; states are shown as recorded", "error", err)
		return
	}
	for i := range records {
		if records[i].State == StateCalculated && records[i].Generation != generation {
			records[i].State = StatePending
		}
	}
}

// Values lists the calculated values, newest first, after the given position.
func (s *Service) Values(ctx context.Context, after Position, limit int) ([]Summary, error) {
	return s.ports.Cache.List(ctx, after, limit)
}
