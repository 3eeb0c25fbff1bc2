package core

import (
	"context"
	"errors"
	"fmt"
)

// restore has a value calculated again that was evicted or damaged. That is work
// of the submitter who asks for it, admitted like a submission. Once the record
// is being reopened, restore is completed, whatever becomes of ctx.
func (s *Service) restore(ctx context.Context, submitter string, n Index) error {
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
