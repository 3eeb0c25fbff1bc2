package core

import (
	"context"
	"time"
)

// calculateAndStore calculates the values of the deliveries, one after the other,
// and stores them.
func (w *Worker) calculateAndStore(ctx context.Context, batch []*delivery) {
	var calculated []*delivery
	var values []Value
	for _, d := range batch {
		value, err := w.calculate(d)
		if err != nil {
			d.err = err
			continue
		}
		d.summary = value.Summary()
		calculated, values = append(calculated, d), append(values, value)
	}
	if len(values) > 1 && w.ports.Cache.Put(ctx, values...) == nil {
		return
	}
	for i, d := range calculated { // some may find room, and each fails for itself
		if err := w.store(d, values[i]); err != nil {
			d.err = calculationError{err}
		}
	}
}

// maxPuts is how often a worker tries to store a value that finds no room.
const maxPuts = 6

// store puts the value into the cache. It waits while the cache is unavailable:
// a calculation is too expensive to be thrown away.
//
// If there is no room after maxPuts attempts, which take 1.6 seconds, the error is
// of KindOverloaded and the index fails: the next delivery would calculate the
// value again for a cache that is as full, while other tasks wait.
func (w *Worker) store(d *delivery, value Value) error {
	var retry backoff
	for refusals := 0; ; {
		err := w.examine(d.ctx, w.ports.Cache.Put(d.ctx, value))
		switch KindOf(err) {
		case KindOverloaded:
			refusals++
		case KindUnavailable:
		default:
			return err
		}
		if d.ctx.Err() != nil || refusals == maxPuts {
			return err
		}
		d.log.WarnContext(d.ctx, "value not stored; trying again", "error", err)
		retry.wait(d.ctx)
	}
}

// calculate calculates the value. Without a lease it does not begin: the task is in
// the queue again, or will be. If it is the calculation that fails, the error is a
// calculationError.
func (w *Worker) calculate(d *delivery) (Value, error) {
	if w.isUnleased(d) {
		return Value{}, errLeaseLost
	}
	if d.Delivery > MaxDeliveries {
		count, err := w.deliveries(d.ctx, d)
		if err != nil {
			return Value{}, err
		}
		if count > MaxDeliveries {
			return Value{}, calculationError{w.neverFinished(d.Index)}
		}
	}
	if estimate := w.ports.Calculator.Estimate(d.Index); !w.holds(memoryFor(estimate)) {
		return Value{}, calculationError{tooLargeForMemory(d.Index, estimate, w.info.Memory)}
	}
	if err := d.allotment.wait(d.ctx); err != nil {
		return Value{}, err
	}
	d.calculated = true
	reporter := w.startReporting(d)
	begin := time.Now()
	magnitude, err := w.ports.Calculator.Calculate(d.ctx, d.Index, reporter.report)
	took := time.Since(begin)
	reporter.end()
	if err != nil {
		return Value{}, calculationError{err}
	}
	value := Value{
		Index:        d.Index,
		Magnitude:    magnitude,
		CalculatedAt: d.calculatedAt(),
		Duration:     took.Truncate(time.Microsecond),
	}
	d.log.InfoContext(d.ctx, "calculated", "digits", magnitude.DigitCount(), "duration", value.Duration)
	w.measure(d, value.Duration)
	return value, nil
}

// measure notes how long a calculation took. The cost of what a Reconciler has
// enqueued is the estimate of another machine, and says nothing here.
func (w *Worker) measure(d *delivery, took time.Duration) {
	w.mu.Lock()
	lane := d.Lane
	w.mu.Unlock()
	if lane != LaneRecovery {
		w.speed.add(w.costOf(d)-taskOverhead, took)
	}
}

// calculatedAt returns the time that a value is listed by. One that was lost and
// that no one has requested since must not be listed as newer than what was
// submitted after it: it gets the time of its first submission, shortly before it
// was first calculated.
func (d *delivery) calculatedAt() time.Time {
	if d.lost {
		return d.seenAt
	}
	return now()
}
