package core

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// MaxDeliveries is how often an index is given to a worker before it is given
// up: one that kills its worker each time must not do so for ever.
const MaxDeliveries = 5

const (
	claimWait      = time.Second            // how long one Claim waits for work
	progressPeriod = 250 * time.Millisecond // between two progress events
	releaseTimeout = 2 * time.Second        // for handing back a claim, and for leaving, at the end
)

// WorkerOptions are what may differ from one Worker to the next.
type WorkerOptions struct {
	Concurrency int           // calculations at a time; at least 1
	ClaimPeriod time.Duration // that of the WorkQueue
}

// Worker takes indices from the queue and has them calculated: claim,
// calculate, store the value, mark the record, acknowledge, in this order, so
// that a death in between leads to another delivery and never to a loss.
type Worker struct {
	name    string
	ports   Ports
	options WorkerOptions
	log     *slog.Logger
}

// NewWorker returns a Worker, which works while it is Run.
func NewWorker(ports Ports, options WorkerOptions, log *slog.Logger) *Worker {
	return &Worker{name: rand.Text(), ports: ports, options: options, log: log}
}

// Run works until ctx ends. Then calculations are broken off, their indices
// handed back for others, and Run returns.
func (w *Worker) Run(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() { w.attend(ctx) })
	for range max(1, w.options.Concurrency) {
		all.Go(func() { w.loop(ctx) })
	}
	all.Wait()
}

// attend announces the worker until ctx ends, and then that it leaves. One that
// dies is counted for two claim periods more: long enough that a queue which
// hesitates makes nobody seem dead.
func (w *Worker) attend(ctx context.Context) {
	defer w.leave(ctx)
	tick := time.NewTicker(w.options.ClaimPeriod / 2)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := w.ports.Queue.Announce(ctx, w.name, 2*w.options.ClaimPeriod); err != nil {
			w.log.DebugContext(ctx, "worker not announced; trying again", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}

func (w *Worker) leave(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTimeout)
	defer cancel()
	if err := w.ports.Queue.Announce(ctx, w.name, 0); err != nil {
		w.log.DebugContext(ctx, "leaving not announced; it will be noticed", "error", err)
	}
}

func (w *Worker) loop(ctx context.Context) {
	var retry backoff
	for ctx.Err() == nil {
		claim, err := w.ports.Queue.Claim(ctx, claimWait)
		switch {
		case err == nil && w.deliver(ctx, claim):
			retry.reset()
		case err == nil:
			retry.wait(ctx)
		case ctx.Err() != nil || IsNotFound(err):
			retry.reset()
		default:
			w.log.WarnContext(ctx, "no work to be had; trying again", "error", err)
			retry.wait(ctx)
		}
	}
}

// errClaimLost ends a calculation whose index has gone to another worker.
var errClaimLost = errors.New("the claim was lost")

// deliver works on one claim, keeping it alive meanwhile. It returns false if
// something needed is away and the next claim had better wait.
func (w *Worker) deliver(ctx context.Context, claim Claim) bool {
	log := w.log.With("index", int64(claim.Index), "delivery", claim.Delivery)
	working, stop := context.WithCancelCause(ctx)
	var progress fraction
	var renewing sync.WaitGroup
	renewing.Go(func() { w.renew(working, stop, claim, &progress, log) })
	err := w.finish(working, claim, &progress, log)
	stop(nil)
	renewing.Wait()

	switch {
	case err == nil:
		err = w.ports.Queue.Acknowledge(context.WithoutCancel(ctx), claim)
		if err != nil {
			log.WarnContext(ctx, "not acknowledged; the index will be delivered again and found done", "error", err)
		}
	case ctx.Err() != nil:
		w.release(ctx, claim, log)
	case errors.Is(context.Cause(working), errClaimLost):
		log.WarnContext(ctx, "claim lost; another worker has the index")
	case KindOf(err) == KindUnavailable:
		// Not the fault of the index: this delivery does not count.
		log.WarnContext(ctx, "something needed is away; the index is handed back", "error", err)
		w.release(ctx, claim, log)
		return false
	default:
		// Said to nobody else: the claim runs out, and after that pause the
		// index is delivered again.
		log.ErrorContext(ctx, "delivery failed", "error", err)
	}
	return true
}

func (w *Worker) release(ctx context.Context, claim Claim, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTimeout)
	defer cancel()
	if err := w.ports.Queue.Release(ctx, claim); err != nil {
		log.WarnContext(ctx, "claim not handed back; it will run out", "error", err)
	}
}

// renew keeps the claim until ctx ends, and ends the work if it is lost.
func (w *Worker) renew(ctx context.Context, stop context.CancelCauseFunc, claim Claim, progress *fraction, log *slog.Logger) {
	period := min(w.options.ClaimPeriod/4, time.Second)
	tick := time.NewTicker(period)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		switch err := w.ports.Queue.Renew(ctx, claim, progress.load()); {
		case err == nil || ctx.Err() != nil:
		case IsNotFound(err):
			stop(errClaimLost)
			return
		default:
			log.WarnContext(ctx, "claim not renewed; trying again", "error", err)
		}
	}
}

// finish brings the index to a final state. It looks at the record before
// anything else and marks it only if nobody has asked for the index since: else
// a value evicted and asked for anew just now would be taken for done. A value
// once stored is not looked for again, so that a cache that evicts it at once
// does not have it calculated without end.
func (w *Worker) finish(ctx context.Context, claim Claim, progress *fraction, log *slog.Logger) error {
	for {
		record, err := w.ports.Store.Lookup(ctx, claim.Index)
		if IsNotFound(err) {
			log.WarnContext(ctx, "nobody asked for this index; left alone")
			return nil
		}
		if err != nil {
			return err
		}
		// Before the value: should the cache be lost in between, the record
		// names the life that the value was lost with.
		generation, err := w.ports.Cache.Generation(ctx)
		if err != nil {
			return err
		}
		values, err := w.ports.Cache.Summaries(ctx, claim.Index)
		if err != nil {
			return err
		}
		if _, there := values[claim.Index]; !there {
			if reason := w.calculate(ctx, claim, progress, log); reason != nil {
				return w.giveUp(ctx, claim, record, reason, log)
			}
		}
		done, err := w.ports.Store.MarkCalculated(ctx, claim.Index, record.Revision, generation)
		if err != nil {
			return err
		}
		if done {
			publish(ctx, w.ports.Events, log, Event{Kind: EventCalculated, Index: claim.Index})
			return nil
		}
	}
}

// calculate makes and stores the value.
func (w *Worker) calculate(ctx context.Context, claim Claim, progress *fraction, log *slog.Logger) error {
	if claim.Delivery > MaxDeliveries {
		return NewError(KindInternal, fmt.Sprintf("The calculation was begun %d times and never came to an end.", MaxDeliveries))
	}
	begin := time.Now()
	var told time.Time
	magnitude, err := w.ports.Calculator.Calculate(ctx, claim.Index, func(done float64) {
		progress.store(done)
		if t := time.Now(); t.Sub(told) >= progressPeriod && ctx.Err() == nil {
			told = t
			publish(ctx, w.ports.Events, log, Event{Kind: EventProgress, Index: claim.Index, Progress: done})
		}
	})
	if err != nil {
		return err
	}
	value := Value{
		Index:        claim.Index,
		Magnitude:    magnitude,
		CalculatedAt: now(),
		Duration:     time.Since(begin).Truncate(time.Microsecond),
	}
	log.InfoContext(ctx, "calculated", "digits", magnitude.DigitCount(), "duration", value.Duration)
	return w.store(ctx, value, log)
}

// store puts the value into the cache, waiting for as long as that is away: a
// calculation is too dear to be thrown away.
func (w *Worker) store(ctx context.Context, value Value, log *slog.Logger) error {
	var retry backoff
	for {
		err := w.ports.Cache.Put(ctx, value)
		if ctx.Err() != nil || KindOf(err) != KindUnavailable {
			return err
		}
		log.WarnContext(ctx, "value not stored; trying again", "error", err)
		retry.wait(ctx)
	}
}

// giveUp marks the record as failed once the index has been delivered too
// often; before that it returns the reason for the next delivery to come.
//
// The job goes before the record is marked: one left behind would bring its
// count of deliveries to whoever submits the index again. Should the worker
// die in between, the Reconciler has the index tried anew.
func (w *Worker) giveUp(ctx context.Context, claim Claim, record Record, reason error, log *slog.Logger) error {
	transient := ctx.Err() != nil || KindOf(reason) == KindUnavailable
	if transient || claim.Delivery < MaxDeliveries {
		return reason
	}
	message := "Something went wrong inside."
	var known *Error
	if errors.As(reason, &known) {
		message = known.Message
	}
	if err := w.ports.Queue.Acknowledge(ctx, claim); err != nil {
		return err
	}
	done, err := w.ports.Store.MarkFailed(ctx, claim.Index, record.Revision, message)
	if done {
		log.ErrorContext(ctx, "given up", "reason", reason)
		publish(ctx, w.ports.Events, log, Event{Kind: EventFailed, Index: claim.Index, Reason: message})
	}
	return err
}

// fraction is a progress between 0 and 1, shared by the calculation and the
// renewal of its claim.
type fraction struct{ millionths atomic.Int64 }

func (f *fraction) store(x float64) { f.millionths.Store(int64(x * 1e6)) }
func (f *fraction) load() float64   { return float64(f.millionths.Load()) / 1e6 }
