package core

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// MaxDeliveries is how often a task is delivered before its index fails: one
// that kills its worker each time must not do so for ever.
const MaxDeliveries = 5

const (
	progressPeriod = 250 * time.Millisecond // between two progress events
	releaseTimeout = 2 * time.Second        // for releasing a task, and for deregistering, at the end
)

// delivery is a claim that the worker works on.
type delivery struct {
	Claim    // its Token and Lease under the mutex of the worker
	log      *slog.Logger
	progress fraction
	revision int64   // of the record, as last read
	summary  Summary // of the value, once it is found or calculated
	room     *allotment
	stop     context.CancelCauseFunc // stops the processing

	// Under the mutex of the worker.
	renewedAt time.Time // when the last call began that started the lease
	unleased  bool      // the claim was lost with the queue
}

// outcome is what became of a delivery.
type outcome int

const (
	completed   outcome = iota // the index is in a final state, or was never submitted
	exhausted                  // the calculation has failed, and this was the last delivery
	interrupted                // the worker stops
	leaseLost                  // another worker has the task
	deferred                   // a port is unavailable, which is not the fault of the task
	failed                     // anything else has failed
)

var errNotSubmitted = errors.New("the index has no record")

// calculationError is the failure of a calculation, or of storing its value.
type calculationError struct{ error }

func (e calculationError) Unwrap() error { return e.error }

// outcomeOf returns the outcome of a delivery that ended with err. ctx is that
// of the worker.
func (w *Worker) outcomeOf(ctx context.Context, d *delivery, err error) outcome {
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
	case errors.As(err, &calculation) && d.Delivery >= MaxDeliveries:
		switch count, err := w.deliveries(ctx, d); {
		case err != nil:
			return deferred
		case count >= MaxDeliveries:
			return exhausted
		}
	}
	return failed
}

// deliveries returns how many deliveries of the task count by now. Earlier ones
// may have been given back since the claim, by workers that seemed dead and were
// not.
func (w *Worker) deliveries(ctx context.Context, d *delivery) (int, error) {
	jobs, err := w.ports.Queue.Jobs(ctx, d.Index)
	if job, queued := jobs[d.Index]; queued && err == nil {
		return min(job.Deliveries, d.Delivery), nil
	}
	return d.Delivery, err
}

// deliver processes a claim while it keeps the lease alive, and settles it. It
// returns false if the next claim should be delayed. begin is when the call began
// that returned the claim, and room is allotted for the calculation.
func (w *Worker) deliver(ctx context.Context, claim Claim, begin time.Time, room *allotment) (proceed bool) {
	defer room.end()
	leased, stop := context.WithCancelCause(ctx)
	d := &delivery{
		Claim:     claim,
		log:       w.log.With("index", int64(claim.Index), "delivery", claim.Delivery),
		room:      room,
		stop:      stop,
		renewedAt: begin,
	}
	w.hold(d)
	var renewing sync.WaitGroup
	renewing.Go(func() { w.keepLease(leased, d, claim.Lease) })
	err := w.process(leased, d)
	if err != nil && errors.Is(context.Cause(leased), errLeaseLost) {
		err = errLeaseLost
	}
	stop(nil)
	renewing.Wait()
	return w.settle(ctx, d, w.drop(d), err)
}

// settle acts on the outcome of a delivery that ended with err; claim is the one
// that the worker has of it. It returns false if the next claim should be
// delayed.
func (w *Worker) settle(ctx context.Context, d *delivery, claim Claim, err error) (proceed bool) {
	switch w.outcomeOf(ctx, d, err) {
	case completed:
		if err != nil {
			d.log.WarnContext(ctx, "task dropped", "error", err)
		}
		if err := w.ports.Queue.Acknowledge(context.WithoutCancel(ctx), claim); err != nil {
			d.log.WarnContext(ctx, "not acknowledged; the task will be delivered again and found done", "error", err)
		}
	case exhausted:
		return w.settle(ctx, d, claim, w.fail(ctx, d, claim, err))
	case interrupted:
		w.release(ctx, claim)
	case leaseLost:
		d.log.WarnContext(ctx, "lease lost; another worker has the task")
		w.giveBack(ctx, claim)
	case deferred:
		d.log.WarnContext(ctx, "a port is unavailable; the task is released", "error", err)
		w.release(ctx, claim)
		return false
	case failed:
		// Not reported: the lease expires and the task is delivered again.
		d.log.ErrorContext(ctx, "delivery failed", "error", err)
	}
	return true
}

func (w *Worker) release(ctx context.Context, claims ...Claim) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTimeout)
	defer cancel()
	if err := w.ports.Queue.Release(ctx, claims...); err != nil {
		w.log.WarnContext(ctx, "tasks not released; their leases will expire", "index", int64(claims[0].Index), "count", len(claims), "error", err)
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

// calculate calculates the value and stores it. Without a lease it does not
// begin: the task is in the queue again, or will be.
func (w *Worker) calculate(ctx context.Context, d *delivery) error {
	if w.isUnleased(d) {
		return errLeaseLost
	}
	if d.Delivery > MaxDeliveries {
		count, err := w.deliveries(ctx, d)
		if err != nil {
			return err
		}
		if count > MaxDeliveries {
			return w.neverFinished(d.Index)
		}
	}
	if estimate := w.ports.Calculator.Estimate(d.Index); !w.holds(memoryFor(estimate)) {
		return tooLargeForMemory(d.Index, estimate, w.info.Memory)
	}
	if err := d.room.wait(ctx); err != nil {
		return err
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
// would bring its count of deliveries to the next submission of the index. For
// the same reason a claim that is lost fails nothing. If the worker dies in
// between, the Reconciler has the index tried again.
func (w *Worker) fail(ctx context.Context, d *delivery, claim Claim, cause error) error {
	reason := "Something went wrong inside."
	var known *Error
	if errors.As(cause, &known) {
		reason = known.Message
	}
	lost, err := w.ports.Queue.Renew(ctx, Renewal{claim, d.progress.load()})
	if err != nil {
		return err
	}
	if len(lost) > 0 {
		return errLeaseLost
	}
	if err := w.ports.Queue.Acknowledge(ctx, claim); err != nil {
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
