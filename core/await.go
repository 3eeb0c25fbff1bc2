package core

import (
	"context"
	"time"
)

// Await polls the status in case an event was lost: first after firstPoll, then
// less and less often up to lastPoll, because thousands may wait.
const (
	firstPoll = 2 * time.Second
	lastPoll  = 5 * time.Second
)

// Await returns the status of an index as soon as it is final. When timeout has
// passed, or the Broadcaster has stopped, it returns the status as last read; with a
// timeout of 0 or less, at once. Its errors are those of Status; if ctx ends, the
// error is its cause.
//
// Await has a value calculated again at most once. If the cache loses it after
// that, too, the error is of KindOverloaded.
func (s *Service) Await(ctx context.Context, submitter string, n Index, timeout time.Duration) (Status, error) {
	waiting, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	restored := false
	for poll := firstPoll; ; poll = min(2*poll, lastPoll) {
		// Listen before reading the status, or a change in between is missed.
		events, stop := s.events.Listen(n)
		status, lost, err := s.read(ctx, n)
		switch {
		case lost && restored:
			err = notKept(n, firstPoll)
		case lost:
			status, err = s.restore(ctx, submitter, *status.Record)
			restored = true
		}
		if err != nil || status.State.Final() {
			stop()
			return status, err
		}
		summary := s.awaitNotification(waiting, events, poll)
		stop()
		if summary != nil {
			return calculated(*summary), nil
		}
		select {
		case <-ctx.Done():
			return Status{}, context.Cause(ctx)
		case <-waiting.Done():
			return status, nil
		case <-s.events.Ended():
			return status, nil
		default:
		}
	}
}

// awaitNotification returns when an index may have become final, when timeout
// has passed, or when ctx ends. If an event carries the summary of its value, it
// returns that: by the time the cache is read it may have lost the value.
func (s *Service) awaitNotification(ctx context.Context, events <-chan Event, timeout time.Duration) *Summary {
	poll := time.NewTimer(timeout)
	defer poll.Stop()
	for {
		select {
		case e, open := <-events:
			// A closed channel means that the event may have been missed.
			if !open || e.Kind == EventCalculated || e.Kind == EventFailed {
				return e.Summary
			}
		case <-poll.C:
			return nil
		case <-s.events.Ended():
			return nil
		case <-ctx.Done():
			return nil
		}
	}
}
