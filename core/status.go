package core

import (
	"context"
	"fmt"
)

// Status is the state of an index and what belongs to it.
type Status struct {
	Index    Index
	State    State
	Progress float64  // while calculating: fraction done, 0 to 1
	Reason   string   // if failed: why, as a sentence for the user
	Record   *Record  // in the IndexStore; nil if it was not read
	Summary  *Summary // of the value, if calculated; nil if the ValueCache was not read. It may be shared and must not be changed

	near *nearSummary // that Summary is from; nil if it was not read by Status or Await
}

// Status returns the status of an index. If its value was calculated and is no
// longer in the cache, Status has it calculated again, as work of the submitter,
// who is the reader here. The error is of KindNotFound if the index was never
// submitted, of KindOverloaded if it has to be calculated again and too much work
// is waiting, or the cache has lost it soon after each of several calculations,
// and of KindUnavailable if the IndexStore can't be reached, or if the ValueCache
// can't be reached and is needed.
//
// Within Limits.Memory, a summary is kept in memory after it was read from the
// cache. If it has all digits, its index is calculated until the cache is flushed,
// even if the value was evicted; otherwise the eviction is noticed within a second.
func (s *Service) Status(ctx context.Context, submitter string, n Index) (Status, error) {
	status, lost, err := s.read(ctx, n)
	if lost {
		return s.restore(ctx, submitter, *status.Record)
	}
	return status, err
}

// read returns the status of an index. lost reports that its value was calculated
// and is not in the cache: then the status has no more than the record.
func (s *Service) read(ctx context.Context, n Index) (status Status, lost bool, err error) {
	// If the cache fails, the record may still tell the state.
	if found := s.near.find(ctx, n); found != nil {
		return found.status(), false, nil
	}
	records, err := s.ports.Store.Lookup(ctx, n)
	if err != nil {
		return Status{}, false, err
	}
	record, known := records[n]
	if !known {
		return Status{}, false, &Error{
			Kind:    KindNotFound,
			Field:   "index",
			Message: fmt.Sprintf("F(%d) has not been submitted. Submit it first.", n),
		}
	}
	if record.State == StateCalculated {
		// It may have been calculated since the cache was read.
		found, err := s.near.read(ctx, n)
		if err != nil {
			return Status{}, false, err
		}
		if found != nil {
			return found.status(), false, nil
		}
		return Status{Index: n, Record: &record}, true, nil
	}
	return statusOf(record, nil, s.jobs(ctx, pending(record))), false, nil
}

// calculated returns the status of an index whose value has the given summary.
func calculated(summary Summary) Status {
	return Status{Index: summary.Index, State: StateCalculated, Summary: &summary}
}

// statusOf returns the status of a record, given the values that exist and the
// jobs in the queue.
func statusOf(r Record, values map[Index]Summary, jobs map[Index]Job) Status {
	status := Status{Index: r.Index, State: r.State, Reason: r.Reason, Record: &r}
	if summary, found := values[r.Index]; found {
		status.State, status.Summary, status.Reason = StateCalculated, &summary, ""
	} else if job := jobs[r.Index]; r.State == StatePending && job.Claimed {
		status.State, status.Progress = StateCalculating, job.Progress
	}
	return status
}

// jobs returns the jobs of those indices that are in the queue. If the queue
// can't be read there are none: then only the progress is missing.
func (s *Service) jobs(ctx context.Context, indices []Index) map[Index]Job {
	if len(indices) == 0 {
		return nil
	}
	jobs, err := s.ports.Queue.Jobs(ctx, indices...)
	if err != nil {
		s.log.WarnContext(ctx, "queue not read; progress unknown", "error", err)
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
