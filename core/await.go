package core

import (
	"context"
	"time"
)

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
