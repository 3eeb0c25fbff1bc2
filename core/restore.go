package core

import (
	"context"
	"errors"
	"fmt"
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

// recalculate has a value calculated again. Each reader is admitted by itself, and
// those that find the same loss reopen the record together: each would wait for the
// commit of the one before.
func (s *Service) recalculate(ctx context.Context, submitter string, record Record) error {
	n := record.Index
	tasks := tasksOf(s.ports.Calculator, []Index{n})
	lookup, endLookup := context.WithTimeoutCause(ctx, lookupTimeout, errLookupTimeout)
	defer endLookup()
	reservation := s.admission.open(ctx, submitter)
	defer s.admission.release(reservation)
	if err := s.admission.reserve(lookup, reservation, tasks); err != nil {
		return notRestored(n, err)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}

	_, err := s.reopens.do(ctx, Mark{n, record.Revision}, func(ctx context.Context) (none struct{}, err error) {
		return none, s.reopen(context.WithoutCancel(ctx), submitter, record, tasks)
	})
	return err
}

// reopen reopens a record and enqueues its index, unless another reader has done so
// since the record was read.
func (s *Service) reopen(ctx context.Context, submitter string, record Record, tasks []Task) error {
	if restored, _ := s.restorations.check(record); restored {
		return nil
	}
	reopen, endReopen := context.WithTimeout(ctx, recordTimeout)
	defer endReopen()
	if err := s.ports.Store.Reopen(reopen, record.Index); err != nil {
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
		Message: fmt.Sprintf("F(%d) has to be calculated again, and too much is waiting to be calculated. Try again in about %s.", n, inWords(e.Wait))}
}

// notKept returns the error for a value that is lost soon after each
// calculation.
func notKept(n Index, wait time.Duration) error {
	return &Error{Kind: KindOverloaded, Wait: wait,
		Message: fmt.Sprintf("The cache has no room to keep F(%d). Try again in about %s.", n, inWords(wait))}
}
