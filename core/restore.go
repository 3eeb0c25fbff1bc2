package core

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// restore has a value calculated again that was evicted or damaged, and returns
// the status of its index. record is that of the index, found calculated.
//
// The calculation is work of the submitter who asks for it, admitted like a
// submission. A value that the cache loses again and again is restored less and
// less often: see restorations. Once the record is being reopened, restore is
// completed, whatever becomes of ctx.
func (s *Service) restore(ctx context.Context, submitter string, record Record) (Status, error) {
	restored, wait := s.restorations.check(record)
	if wait > 0 {
		return Status{}, notKept(record.Index, wait)
	}
	if !restored {
		if err := s.recalculate(ctx, submitter, record); err != nil {
			return Status{}, err
		}
	}
	record.State = StatePending
	return statusOf(record, nil, s.jobs(ctx, pending(record))), nil
}

// recalculate reopens a record and enqueues its index.
func (s *Service) recalculate(ctx context.Context, submitter string, record Record) error {
	n := record.Index
	tasks := tasksOf(s.ports.Calculator, []Index{n})
	lookup, endLookup := context.WithTimeoutCause(ctx, lookupTimeout, errLookupTimeout)
	defer endLookup()
	release, err := s.admission.reserve(lookup, submitter, tasks)
	if err != nil {
		return notRestored(n, err)
	}
	defer release()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}

	ctx = context.WithoutCancel(ctx)
	reopen, endReopen := context.WithTimeout(ctx, recordTimeout)
	defer endReopen()
	if err := s.ports.Store.Reopen(reopen, n); err != nil {
		return err
	}
	s.restorations.note(record)
	enqueue, endEnqueue := context.WithTimeout(ctx, enqueueTimeout)
	defer endEnqueue()
	s.enqueue(enqueue, submitter, tasks)
	return nil
}

// notRestored returns the error for a value that admission refuses to have
// calculated again.
func notRestored(n Index, err error) error {
	var e *Error
	if !errors.As(err, &e) || e.Kind != KindOverloaded {
		return err
	}
	return &Error{Kind: KindOverloaded, Wait: e.Wait,
		Message: fmt.Sprintf("F(%d) has to be calculated again, and too much is waiting to be calculated. Ask again in about %s.", n, inWords(e.Wait))}
}

// notKept returns the error for a value that is lost soon after each
// calculation.
func notKept(n Index, wait time.Duration) error {
	return &Error{Kind: KindOverloaded, Wait: wait,
		Message: fmt.Sprintf("The cache has no room to keep F(%d). Ask again in about %s.", n, inWords(wait))}
}

const (
	// minRestoreDelay and maxRestoreDelay bound the time between two restores of
	// an index, from the second one on.
	minRestoreDelay = 2 * time.Second
	maxRestoreDelay = time.Minute
	// restoreMemory is how long a restore counts.
	restoreMemory = 10 * time.Minute
	// maxRestorations bounds the indices of each of the two generations of
	// restorations.
	maxRestorations = 5000
)

// restorations space out the restores of one index, which this process makes for
// its readers: a cache that loses a value soon after it is stored would otherwise
// have it calculated without end. The second restore may follow the first
// immediately; before the third are 2 seconds, then twice as many each time, up
// to a minute.
//
// The restores of the latest 5,000 to 10,000 indices are remembered.
type restorations struct {
	mu             sync.Mutex
	current, older map[Index]restoration
}

// restoration is the latest restore of an index.
type restoration struct {
	revision int64 // of the record before it was reopened
	at       time.Time
	delay    time.Duration // until the next
}

// check reports whether the loss of the value is restored already: then the
// record was read before it was reopened. If it is not, wait is the time until it
// may be.
func (rs *restorations) check(record Record) (restored bool, wait time.Duration) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	latest := rs.latest(record.Index)
	if latest.revision >= record.Revision {
		return true, 0
	}
	return false, max(latest.delay-time.Since(latest.at), 0)
}

// note notes that the loss of the value is restored.
func (rs *restorations) note(record Record) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	latest := rs.latest(record.Index)
	if latest.revision >= record.Revision {
		return // concurrent readers have the loss restored together
	}
	next := restoration{revision: record.Revision, at: time.Now()}
	if !latest.at.IsZero() && time.Since(latest.at) < restoreMemory {
		next.delay = min(max(2*latest.delay, minRestoreDelay), maxRestoreDelay)
	}
	if len(rs.current) >= maxRestorations {
		rs.current, rs.older = nil, rs.current
	}
	if rs.current == nil {
		rs.current = make(map[Index]restoration)
	}
	rs.current[record.Index] = next
}

// latest returns the latest restore of n, zero if there was none; rs.mu is held.
func (rs *restorations) latest(n Index) restoration {
	if r, found := rs.current[n]; found {
		return r
	}
	return rs.older[n]
}
