package core

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// MaxDeliveries is how often a task is delivered before its index fails: one
// that kills its worker each time must not do so for ever.
const MaxDeliveries = 5

// releaseTimeout bounds acknowledging and releasing tasks, which a slot waits for,
// and deregistering.
const releaseTimeout = 2 * time.Second

// delivery is a claim that the worker works on.
type delivery struct {
	Claim      // its Lane, Cost, Token and Lease under the mutex of the worker
	log        *slog.Logger
	progress   fraction
	revision   int64     // of the record, as last read
	lost       bool      // the record has a value as last read, and the cache none
	generation string    // of the cache, as read then
	seenAt     time.Time // when the index was first submitted
	summary    Summary   // of the value, once it is found or calculated
	calculated bool      // a calculation was begun
	claimedAt  time.Time // for events
	err        error     // with which it ended
	allotment  *allotment
	ctx        context.Context         // ends with the lease
	stop       context.CancelCauseFunc // ends ctx
	renewing   sync.WaitGroup

	// Under the mutex of the worker.
	renewedAt moment // when the last call began that started the lease
	unleased  bool   // the claim was lost with the queue
}

// outcome is what became of a delivery.
type outcome int

const (
	completed   outcome = iota // the index is in a final state, or was never submitted
	exhausted                  // there is no value, and another delivery would not change that
	interrupted                // the worker stops
	leaseLost                  // the claim is lost, and another delivery will do the task
	deferred                   // a port can't be used, which is not the fault of the task
	failed                     // anything else has failed, which counts as a delivery
)

var errNotSubmitted = errors.New("the index has no record")

// calculationError is the failure of a calculation, or of storing its value.
type calculationError struct{ error }

func (e calculationError) Unwrap() error { return e.error }

func isCalculationError(err error) bool { return errors.As(err, new(calculationError)) }

// outcomeOf returns the outcome of a delivery that ended with err. ctx is that
// of the worker.
func (w *Worker) outcomeOf(ctx context.Context, d *delivery, err error) outcome {
	switch {
	case err == nil, errors.Is(err, errNotSubmitted):
		return completed
	case ctx.Err() != nil:
		return interrupted
	case errors.Is(err, errLeaseLost):
		return leaseLost
	case KindOf(err) == KindUnavailable:
		return deferred
	case KindOf(err) == KindOverloaded && !isCalculationError(err):
		return deferred
	case KindOf(err) == KindOverloaded:
		return exhausted
	case d.Delivery >= MaxDeliveries:
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

// process works on claims while it keeps the leases alive, and settles them. It
// returns false if the next claim should be delayed. begin is when the call began
// that returned the claims, and allotted is for the calculations. Their lanes are
// charged for what is calculated; the share of a lane in the reserved slot is its own.
func (s *slot) process(ctx context.Context, claims []Claim, begin moment, allotted *allotment) (proceed bool) {
	defer allotted.end()
	batch := make([]*delivery, len(claims))
	for i, claim := range claims {
		batch[i] = s.begin(ctx, claim, begin, allotted)
		if !s.reserved {
			s.lanes.charge(claim.Lane, claim.Cost)
		}
	}
	if len(batch) == 1 {
		s.complete(batch[0].ctx, batch)
	} else {
		s.complete(ctx, batch)
	}
	for i, d := range batch {
		d.end()
		if !s.reserved && !d.calculated {
			s.lanes.refund(claims[i].Lane, claims[i].Cost)
		}
	}
	return s.settle(ctx, batch...)
}

// begin returns a delivery of a claim, whose lease is kept alive until its end.
func (w *Worker) begin(ctx context.Context, claim Claim, begin moment, allotted *allotment) *delivery {
	d := &delivery{
		Claim:     claim,
		log:       w.log.With("index", int64(claim.Index), "delivery", claim.Delivery),
		allotment: allotted,
		claimedAt: now(),
		renewedAt: begin,
	}
	d.ctx, d.stop = context.WithCancelCause(ctx)
	w.hold(d)
	d.renewing.Go(func() { w.keepLease(d, claim.Lease) })
	return d
}

// end ends the renewal of the lease.
func (d *delivery) end() {
	if d.err != nil && errors.Is(context.Cause(d.ctx), errLeaseLost) {
		d.err = errLeaseLost
	}
	d.stop(nil)
	d.renewing.Wait()
}

// settle acts on the outcomes of deliveries that have ended. It returns false if
// the next claim should be delayed.
func (w *Worker) settle(ctx context.Context, ended ...*delivery) (proceed bool) {
	proceed = true
	var done, released []Claim
	for _, d := range ended {
		claim := w.drop(d)
		o := w.outcomeOf(ctx, d, d.err)
		if o == exhausted {
			d.err = w.fail(ctx, d, claim, d.err)
			if o = w.outcomeOf(ctx, d, d.err); o == completed {
				continue // and acknowledged
			}
		}
		switch o {
		case completed:
			if d.err != nil {
				d.log.WarnContext(ctx, "task dropped", "error", d.err)
			}
			done = append(done, claim)
		case interrupted:
			released = append(released, claim)
		case leaseLost:
			d.log.WarnContext(ctx, "lease lost; another delivery will do the task")
			w.giveBack(ctx, claim)
		case deferred:
			d.log.WarnContext(ctx, "a port can't be used; the task is released", "error", d.err)
			released = append(released, claim)
			proceed = false
		case failed, exhausted:
			// Not reported: the lease expires and the task is delivered again.
			d.log.ErrorContext(ctx, "delivery failed", "error", d.err)
			proceed = proceed && isCalculationError(d.err)
		}
	}
	w.acknowledge(ctx, done...)
	w.release(ctx, released...)
	return proceed
}

func (w *Worker) acknowledge(ctx context.Context, claims ...Claim) {
	if len(claims) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTimeout)
	defer cancel()
	if err := w.ports.Queue.Acknowledge(ctx, claims...); err != nil {
		w.log.WarnContext(ctx, "not acknowledged; the tasks will be delivered again and found done", "index", int64(claims[0].Index), "count", len(claims), "error", err)
	}
}

func (w *Worker) release(ctx context.Context, claims ...Claim) {
	if len(claims) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTimeout)
	defer cancel()
	if err := w.ports.Queue.Release(ctx, claims...); err != nil {
		w.log.WarnContext(ctx, "tasks not released; their leases will expire", "index", int64(claims[0].Index), "count", len(claims), "error", err)
	}
}

// fail marks the record as failed with the reason of its calculation's failure.
//
// The task is acknowledged before the record is marked: left in the queue, it
// would bring its count of deliveries to the next submission of the index. For
// the same reason a claim that is lost fails nothing, and one that may have been lost
// by the time it is acknowledged. If the worker dies in between, the Reconciler has
// the index tried again.
//
// A lost value that can't be recovered is given up like one that was evicted: its
// record stays calculated, in the generation that was to take it, and the index
// fails visibly when it is requested. Otherwise it would be recovered without end.
func (w *Worker) fail(ctx context.Context, d *delivery, claim Claim, cause error) error {
	reason := "An unexpected error occurred."
	var known *Error
	if isCalculationError(cause) && errors.As(cause, &known) {
		reason = known.Message
	}
	held, cancel := context.WithTimeout(ctx, claim.Lease)
	defer cancel()
	lost, err := w.ports.Queue.Renew(held, Renewal{claim, d.progress.load()})
	if err != nil {
		return err
	}
	if len(lost) > 0 {
		return errLeaseLost
	}
	if err := w.ports.Queue.Acknowledge(held, claim); err != nil {
		return err
	}
	if d.lost {
		d.log.ErrorContext(ctx, "not recovered; left until it is requested", "error", cause)
		_, err := w.ports.Store.MarkCalculated(ctx, d.generation, Mark{d.Index, d.revision})
		return err
	}
	marked, err := w.ports.Store.MarkFailed(ctx, d.Index, d.revision, reason)
	if marked {
		d.log.ErrorContext(ctx, "failed for good", "error", cause)
		event := w.eventOf(EventFailed, d)
		event.Reason = reason
		w.announce(ctx, event)
	}
	return err
}
