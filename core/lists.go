package core

import "context"

// Indices lists the submitted indices whose sequence number is below before,
// newest first; a before of 0 starts at the newest, and limit is at least 1. A
// record is read without its value: Summary is nil. The error is of
// KindUnavailable if the IndexStore can't be reached, of KindCanceled if ctx is
// cancelled. If the ValueCache or the WorkQueue can't be reached, the states are
// as recorded, without progress.
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

// reflectFlush makes records pending whose values were lost with an earlier
// generation of the cache: the Reconciler will enqueue them.
func (s *Service) reflectFlush(ctx context.Context, records []Record) {
	generation, err := s.ports.Cache.Generation(ctx)
	if err != nil {
		s.log.WarnContext(ctx, "generation of the cache not read; states shown as recorded", "error", err)
		return
	}
	for i := range records {
		if records[i].State == StateCalculated && records[i].Generation != generation {
			records[i].State = StatePending
		}
	}
}

// Values lists the summaries of the calculated values that come after the given
// position, newest first. The zero Position starts at the newest, and limit is at
// least 1. The error is of KindUnavailable if the ValueCache can't be reached, of
// KindCanceled if ctx is cancelled.
func (s *Service) Values(ctx context.Context, after Position, limit int) ([]Summary, error) {
	return s.ports.Cache.List(ctx, after, limit)
}
