package core

import (
	"context"
	"time"
)

// A submitter waits for the record to be committed, and little longer for what
// can be made up for.
const (
	// lookupTimeout bounds the look for values that are there already, and at the
	// backlog.
	lookupTimeout = time.Second
	// enqueueTimeout bounds the enqueuing of an index whose record is committed. It
	// goes on when the submitter has left.
	enqueueTimeout = 2 * time.Second
)

// Submit records indices and sees to it that those without a value are
// calculated. When it returns without an error every index is durably
// recorded; nothing that fails later is the caller's problem. The result
// is in the order of the indices. submitter is any text that tells whoever submits
// from others, who are to get their share.
//
// KindInvalid and KindTooLarge name an index that can't be accepted, and then
// none is; KindOverloaded says that too much is waiting and how long that may
// last, see Limits; KindUnavailable that nothing could be recorded. What has its
// value, or waits for it in the queue, is never refused as too much.
func (s *Service) Submit(ctx context.Context, submitter string, indices ...Index) ([]Status, error) {
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

	// A cache or a queue that hangs is not waited for.
	look, stop := context.WithTimeout(ctx, lookupTimeout)
	defer stop()
	values, err := s.ports.Cache.Summaries(look, distinct...)
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

	tasks := tasksOf(s.ports.Calculator, missing)
	done, err := s.admission.admit(look, submitter, tasks)
	if err != nil {
		return nil, err
	}
	defer done()

	records, err := s.recorder.record(ctx, submissions)
	if err != nil {
		return nil, err
	}

	ctx = context.WithoutCancel(ctx)
	seen := make([]Event, len(distinct))
	for i, n := range distinct {
		seen[i] = Event{Kind: EventSeen, Index: n}
	}
	publish(ctx, s.ports.Events, s.log, seen...)
	ctx, cancel := context.WithTimeout(ctx, enqueueTimeout)
	defer cancel()
	jobs := s.enqueue(ctx, submitter, tasks)

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

// enqueue puts tasks to work and returns the jobs of those that were in the
// queue before. A failure is left to the Reconciler.
func (s *Service) enqueue(ctx context.Context, submitter string, tasks []Task) map[Index]Job {
	if len(tasks) == 0 {
		return nil
	}
	added, err := s.ports.Queue.Enqueue(ctx, submitter, tasks...)
	if err != nil {
		s.log.WarnContext(ctx, "not enqueued; the reconciler will do it", "indices", len(tasks), "error", err)
		return nil
	}
	if added == len(tasks) {
		return nil
	}
	return s.jobs(ctx, indicesOf(tasks))
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
