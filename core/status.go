package core

import (
	"context"
	"fmt"
	"time"
)

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

// Await looks for itself, in case an event was lost, first after firstPoll and
// then ever more rarely: thousands may wait.
const (
	firstPoll = 2 * time.Second
	lastPoll  = 5 * time.Second
)

// Await returns the status of an index as soon as it is final, or as it is
// when the time is up or the process is about to end.
func (s *Service) Await(ctx context.Context, n Index, atMost time.Duration) (Status, error) {
	timeUp, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	for poll := firstPoll; ; poll = min(2*poll, lastPoll) {
		events, stop := s.events.Listen(n)
		status, err := s.Status(ctx, n)
		if err != nil || status.State.Final() {
			stop()
			return status, err
		}
		s.awaitNotification(timeUp, events, poll)
		stop()
		select {
		case <-ctx.Done():
			return Status{}, context.Cause(ctx)
		case <-timeUp.Done():
			return status, nil
		case <-s.events.Ended():
			return status, nil
		default:
		}
	}
}

// awaitNotification returns when an index may have become final, after the given time
// at the latest, or when ctx ends.
func (s *Service) awaitNotification(ctx context.Context, events <-chan Event, atMost time.Duration) {
	poll := time.NewTimer(atMost)
	defer poll.Stop()
	for {
		select {
		case e, open := <-events:
			if !open || e.Kind == EventCalculated || e.Kind == EventFailed {
				return // or it may have, and the event was missed
			}
		case <-poll.C:
			return
		case <-s.events.Ended():
			return
		case <-ctx.Done():
			return
		}
	}
}

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

// Watch returns a reader of what happens from now on. When that says that
// events may be missing, ask for the states again and watch anew.
func (s *Service) Watch() *Watcher { return s.events.Watch() }

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
