package core

import "context"

// Submit records indices and sees to it that those without a value are
// calculated. When it returns without an error every index is durably
// recorded; nothing that fails afterwards is the caller's problem. The result
// is in the order of the indices.
//
// KindInvalid and KindTooLarge name an index that can't be accepted, and then
// none is; KindUnavailable says that nothing could be recorded.
func (s *Service) Submit(ctx context.Context, indices ...Index) ([]Status, error) {
	for _, n := range indices {
		if err := s.limits.check(n, s.ports.Calculator); err != nil {
			return nil, err
		}
	}
	submissions := tally(indices)
	distinct := make([]Index, len(submissions))
	for i, sub := range submissions {
		distinct[i] = sub.Index
	}

	values, err := s.known(ctx, distinct)
	if err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		s.log.WarnContext(ctx, "cache not read on submit; the indices are queued as if it were empty", "error", err)
	}
	var missing []Index
	for i, n := range distinct {
		if _, there := values[n]; !there {
			submissions[i].Reopen = true
			missing = append(missing, n)
		}
	}

	records, err := s.recorder.record(ctx, submissions)
	if err != nil {
		return nil, err
	}

	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), afterwards)
	defer cancel()
	seen := make([]Event, len(distinct))
	for i, n := range distinct {
		seen[i] = Event{Kind: EventSeen, Index: n}
	}
	publish(ctx, s.ports.Events, s.log, seen...)
	jobs := s.enqueue(ctx, missing)

	statuses := make(map[Index]Status, len(distinct))
	for i, n := range distinct {
		statuses[n] = statusOf(records[i], values, jobs)
	}
	result := make([]Status, len(indices))
	for i, n := range indices {
		result[i] = statuses[n]
	}
	return result, nil
}

// known returns the summaries of those of the indices whose values are there.
// It does not wait for a cache that hangs.
func (s *Service) known(ctx context.Context, indices []Index) (map[Index]Summary, error) {
	ctx, cancel := context.WithTimeout(ctx, beforehand)
	defer cancel()
	return s.ports.Cache.Summaries(ctx, indices...)
}

// enqueue puts indices to work and returns those that were in the queue
// before. A failure is left to the Reconciler.
func (s *Service) enqueue(ctx context.Context, indices []Index) map[Index]Job {
	if len(indices) == 0 {
		return nil
	}
	added, err := s.ports.Queue.Enqueue(ctx, indices...)
	if err != nil {
		s.log.WarnContext(ctx, "not enqueued; the reconciler will do it", "indices", len(indices), "error", err)
		return nil
	}
	if added == len(indices) {
		return nil
	}
	return s.jobs(ctx, indices)
}

// jobs returns those of the indices that are in the queue. Not knowing costs a
// front end the progress, nothing else.
func (s *Service) jobs(ctx context.Context, indices []Index) map[Index]Job {
	if len(indices) == 0 {
		return nil
	}
	jobs, err := s.ports.Queue.Jobs(ctx, indices...)
	if err != nil {
		s.log.WarnContext(ctx, "queue not read; progress is unknown", "error", err)
	}
	return jobs
}

// tally counts each index once, in order of first appearance.
func tally(indices []Index) []Submission {
	at := make(map[Index]int, len(indices))
	var submissions []Submission
	for _, n := range indices {
		if i, seen := at[n]; seen {
			submissions[i].Count++
			continue
		}
		at[n] = len(submissions)
		submissions = append(submissions, Submission{Index: n, Count: 1})
	}
	return submissions
}
