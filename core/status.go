package core

import (
	"context"
	"fmt"
)

// Status is where an index stands.
type Status struct {
	Index    Index
	State    State
	Progress float64  // when calculating, 0 to 1
	Reason   string   // when failed, a sentence for people
	Record   *Record  // what the IndexStore knows, where it was asked
	Summary  *Summary // when calculated and where the ValueCache was asked
}

// Status tells where an index stands. KindNotFound if it was never submitted.
// A value that was calculated once and is gone is calculated again: asking is
// enough.
func (s *Service) Status(ctx context.Context, n Index) (Status, error) {
	// Without a cache the record may still tell.
	values, _ := s.ports.Cache.Summaries(ctx, n)
	if summary, there := values[n]; there {
		return Status{Index: n, State: StateCalculated, Summary: &summary}, nil
	}
	record, err := s.ports.Store.Lookup(ctx, n)
	if IsNotFound(err) {
		return Status{}, &Error{
			Kind:    KindNotFound,
			Field:   "index",
			Message: fmt.Sprintf("F(%d) has not been asked for. Submit the index first.", n),
			Cause:   err,
		}
	}
	if err != nil {
		return Status{}, err
	}
	if record.State == StateCalculated {
		// It may have been calculated since the first look.
		values, err := s.ports.Cache.Summaries(ctx, n)
		if err != nil {
			return Status{}, err
		}
		if summary, there := values[n]; there {
			return Status{Index: n, State: StateCalculated, Summary: &summary}, nil
		}
		if err := s.restore(ctx, n); err != nil {
			return Status{}, err
		}
		record.State = StatePending
	}
	return statusOf(record, nil, s.jobs(ctx, pending(record))), nil
}

// restore has a value calculated again that was evicted, lost or damaged.
func (s *Service) restore(ctx context.Context, n Index) error {
	if err := s.ports.Store.Reopen(ctx, n); err != nil {
		return err
	}
	s.enqueue(ctx, noSubmitter, tasksOf(s.ports.Calculator, []Index{n}))
	return nil
}

// statusOf joins what the three stores know of an index.
func statusOf(r Record, values map[Index]Summary, jobs map[Index]Job) Status {
	status := Status{Index: r.Index, State: r.State, Reason: r.Reason, Record: &r}
	if summary, there := values[r.Index]; there {
		status.State, status.Summary, status.Reason = StateCalculated, &summary, ""
	} else if job := jobs[r.Index]; r.State == StatePending && job.Claimed {
		status.State, status.Progress = StateCalculating, job.Progress
	}
	return status
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

// pending returns the indices of the records that are pending.
func pending(records ...Record) []Index {
	var indices []Index
	for _, r := range records {
		if r.State == StatePending {
			indices = append(indices, r.Index)
		}
	}
	return indices
}
