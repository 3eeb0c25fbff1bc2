package core

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// MaxDeliveries is how often a task is delivered before its index fails: one
// that kills its worker each time must not do so for ever.
const MaxDeliveries = 5

const (
	maxRenewPeriod = time.Second            // between two renewals of a lease
	progressPeriod = 250 * time.Millisecond // between two progress events
	releaseTimeout = 2 * time.Second        // for releasing a task, and for deregistering, at the end
)

// delivery is a claim that the worker works on.
type delivery struct {
	Claim
	log      *slog.Logger
	progress fraction
	revision int64   // of the record, as last read
	summary  Summary // of the value, once it is found or calculated
}

// outcome is what became of a delivery.
type outcome int

const (
	completed   outcome = iota // the index is in a final state, or was never submitted
	exhausted                  // the calculation has failed, and this was the last delivery
	interrupted                // the worker stops
	leaseLost                  // another worker has the task, or the queue was lost
	deferred                   // a port is unavailable, which is not the fault of the task
	failed                     // anything else has failed
)

var (
	errLeaseLost    = errors.New("the lease was lost")
	errNotSubmitted = errors.New("the index has no record")
)

// calculationError is the failure of a calculation, or of storing its value.
type calculationError struct{ error }

func (e calculationError) Unwrap() error { return e.error }

// outcomeOf returns the outcome of a delivery that ended with err. ctx is that
// of the worker.
func outcomeOf(ctx context.Context, c Claim, err error) outcome {
	var calculation calculationError
	switch {
	case err == nil, errors.Is(err, errNotSubmitted):
		return completed
	case ctx.Err() != nil:
		return interrupted
	case errors.Is(err, errLeaseLost):
		return leaseLost
	case KindOf(err) == KindUnavailable:
		return deferred
	case errors.As(err, &calculation) && c.Delivery >= MaxDeliveries:
		return exhausted
	}
	return failed
}

// deliver processes a claim while it keeps the lease alive, and settles it. It
// returns false if the next claim should be delayed.
func (w *Worker) deliver(ctx context.Context, claim Claim) (proceed bool) {
	d := &delivery{Claim: claim, log: w.log.With("index", int64(claim.Index), "delivery", claim.Delivery)}
	leased, stop := context.WithCancelCause(ctx)
	var renewing sync.WaitGroup
	renewing.Go(func() { w.renew(leased, stop, d) })
	err := w.process(leased, d)
	if err != nil && errors.Is(context.Cause(leased), errLeaseLost) {
		err = errLeaseLost
	}
	stop(nil)
	renewing.Wait()
	return w.settle(ctx, d, err)
}

// settle acts on the outcome of a delivery that ended with err. It returns false
// if the next claim should be delayed.
func (w *Worker) settle(ctx context.Context, d *delivery, err error) (proceed bool) {
	switch outcomeOf(ctx, d.Claim, err) {
	case completed:
		if err != nil {
			d.log.WarnContext(ctx, "task dropped", "error", err)
		}
		if err := w.ports.Queue.Acknowledge(context.WithoutCancel(ctx), d.Claim); err != nil {
			d.log.WarnContext(ctx, "not acknowledged; the task will be delivered again and found done", "error", err)
		}
	case exhausted:
		return w.settle(ctx, d, w.fail(ctx, d, err))
	case interrupted:
		w.release(ctx, d)
	case leaseLost:
		d.log.WarnContext(ctx, "lease lost; another worker has the task")
	case deferred:
		d.log.WarnContext(ctx, "a port is unavailable; the task is released", "error", err)
		w.release(ctx, d)
		return false
	case failed:
		// Not reported: the lease expires and the task is delivered again.
		d.log.ErrorContext(ctx, "delivery failed", "error", err)
	}
	return true
}

func (w *Worker) release(ctx context.Context, d *delivery) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTimeout)
	defer cancel()
	if err := w.ports.Queue.Release(ctx, d.Claim); err != nil {
		d.log.WarnContext(ctx, "task not released; its lease will expire", "error", err)
	}
}

// renew keeps the lease until ctx ends, and stops the processing if it is lost.
func (w *Worker) renew(ctx context.Context, stop context.CancelCauseFunc, d *delivery) {
	tick := time.NewTicker(max(time.Nanosecond, min(d.Lease/4, maxRenewPeriod)))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		switch lost, err := w.ports.Queue.Renew(ctx, Renewal{d.Claim, d.progress.load()}); {
		case ctx.Err() != nil:
		case err != nil:
			d.log.WarnContext(ctx, "lease not renewed; trying again", "error", err)
		case len(lost) > 0:
			stop(errLeaseLost)
			return
		}
	}
}

// process brings the index to the state calculated. It reads the record before
// anything else and marks it only if the index was not reopened since: else a
// value that was evicted and requested again meanwhile would be taken for done.
// A value once stored is not looked up again, so that a cache that evicts it
// immediately does not have it calculated without end.
func (w *Worker) process(ctx context.Context, d *delivery) error {
	for {
		records, err := w.ports.Store.Lookup(ctx, d.Index)
		if err != nil {
			return err
		}
		record, known := records[d.Index]
		if !known {
			return errNotSubmitted
		}
		d.revision = record.Revision
		// Before the value: if the cache is lost in between, the record names the
		// generation that the value was lost with.
		generation, err := w.ports.Cache.Generation(ctx)
		if err != nil {
			return err
		}
		values, err := w.ports.Cache.Summaries(ctx, d.Index)
		if err != nil {
			return err
		}
		if summary, found := values[d.Index]; found {
			d.summary = summary
		} else {
			if err := w.calculate(ctx, d); err != nil {
				return calculationError{err}
			}
		}
		marked, err := w.ports.Store.MarkCalculated(ctx, generation, Mark{d.Index, d.revision})
		if err != nil {
			return err
		}
		if marked[d.Index] {
			summary := d.summary
			publish(ctx, w.ports.Events, d.log, Event{Kind: EventCalculated, Index: d.Index, Summary: &summary})
			return nil
		}
	}
}

// calculate calculates the value and stores it.
func (w *Worker) calculate(ctx context.Context, d *delivery) error {
	if d.Delivery > MaxDeliveries {
		return NewError(KindInternal, fmt.Sprintf("The calculation was started %d times and never finished.", MaxDeliveries))
	}
	begin := time.Now()
	var published time.Time
	magnitude, err := w.ports.Calculator.Calculate(ctx, d.Index, func(done float64) {
		d.progress.store(done)
		if t := time.Now(); t.Sub(published) >= progressPeriod && ctx.Err() == nil {
			published = t
			publish(ctx, w.ports.Events, d.log, Event{Kind: EventProgress, Index: d.Index, Progress: done})
		}
	})
	if err != nil {
		return err
	}
	value := Value{
		Index:        d.Index,
		Magnitude:    magnitude,
		CalculatedAt: now(),
		Duration:     time.Since(begin).Truncate(time.Microsecond),
	}
	d.log.InfoContext(ctx, "calculated", "digits", magnitude.DigitCount(), "duration", value.Duration)
	d.summary = value.Summary()
	return w.store(ctx, value, d.log)
}

// store puts the value into the cache. It waits while the cache is unavailable:
// a calculation is too expensive to be thrown away.
func (w *Worker) store(ctx context.Context, value Value, log *slog.Logger) error {
	var retry backoff
	for {
		err := w.ports.Cache.Put(ctx, value)
		if err == nil || ctx.Err() != nil || KindOf(err) != KindUnavailable {
			return err
		}
		log.WarnContext(ctx, "value not stored; trying again", "error", err)
		retry.wait(ctx)
	}
}

// fail marks the record as failed with the reason of its calculation's failure.
//
// The task is acknowledged before the record is marked: left in the queue, it
// would bring its count of deliveries to the next submission of the index. If
// the worker dies in between, the Reconciler has the index tried again.
func (w *Worker) fail(ctx context.Context, d *delivery, cause error) error {
	reason := "Something went wrong inside."
	var known *Error
	if errors.As(cause, &known) {
		reason = known.Message
	}
	if err := w.ports.Queue.Acknowledge(ctx, d.Claim); err != nil {
		return err
	}
	marked, err := w.ports.Store.MarkFailed(ctx, d.Index, d.revision, reason)
	if marked {
		d.log.ErrorContext(ctx, "failed for good", "error", cause)
		publish(ctx, w.ports.Events, d.log, Event{Kind: EventFailed, Index: d.Index, Reason: reason})
	}
	return err
}

// fraction is a progress between 0 and 1, shared by the calculation and the
// renewal of its lease.
type fraction struct{ millionths atomic.Int64 }

func (f *fraction) store(x float64) { f.millionths.Store(int64(x * 1e6)) }
func (f *fraction) load() float64   { return float64(f.millionths.Load()) / 1e6 }
