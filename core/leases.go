package core

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"
)

// maxRenewPeriod is the longest time between two renewals of a lease.
const maxRenewPeriod = time.Second

var errLeaseLost = errors.New("the lease was lost")

func renewPeriod(lease time.Duration) time.Duration {
	return max(time.Nanosecond, min(lease/4, maxRenewPeriod))
}

// hold adds a delivery to those that the worker processes.
func (w *Worker) hold(d *delivery) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held[d.Index] = d
}

// reclaimed reports whether the worker is processing the index of a claim
// already. That delivery then gets the claim, and its earlier one is given back. If
// the earlier one is of another lane, it is acknowledged instead: a program that does
// not know the lanes has enqueued the index twice, and one task of it is enough.
// begin is when the call began that returned the claim.
func (w *Worker) reclaimed(ctx context.Context, claim Claim, begin moment) bool {
	w.mu.Lock()
	d, held := w.held[claim.Index]
	if !held {
		w.mu.Unlock()
		return false
	}
	earlier := d.Claim
	d.Lane, d.Cost, d.Token, d.Lease, d.renewedAt, d.unleased = claim.Lane, claim.Cost, claim.Token, claim.Lease, begin, false
	w.mu.Unlock()
	d.log.WarnContext(ctx, "claimed again while it is processed; going on")
	if earlier.Lane == claim.Lane {
		w.giveBack(ctx, earlier)
	} else {
		w.all.Go(func() { w.persist(ctx, func() error { return w.ports.Queue.Acknowledge(ctx, earlier) }) })
	}
	return true
}

// drop ends the holding of a delivery and returns its claim.
func (w *Worker) drop(d *delivery) Claim {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.held, d.Index)
	return d.Claim
}

// giveBack releases a claim that is lost, so that its delivery does not count:
// the worker is alive. It goes on trying in the background.
func (w *Worker) giveBack(ctx context.Context, claim Claim) {
	w.all.Go(func() {
		if !w.persist(ctx, func() error { return w.ports.Queue.Release(ctx, claim) }) {
			w.release(ctx, claim)
		}
	})
}

// persist calls f until it succeeds or ctx ends, and reports whether it succeeded.
func (w *Worker) persist(ctx context.Context, f func() error) bool {
	var retry backoff
	for ctx.Err() == nil {
		if f() == nil {
			return true
		}
		retry.wait(ctx)
	}
	return false
}

func (w *Worker) costOf(d *delivery) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return d.Cost
}

func (w *Worker) isUnleased(d *delivery) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return d.unleased
}

// keepLease renews the lease of a delivery, which has the given length, until the
// delivery ends.
func (w *Worker) keepLease(d *delivery, lease time.Duration) {
	tick := time.NewTicker(renewPeriod(lease))
	defer tick.Stop()
	for {
		select {
		case <-d.ctx.Done():
			return
		case <-tick.C:
		}
		if err := w.renew(d.ctx, d); err != nil && d.ctx.Err() == nil {
			d.log.WarnContext(d.ctx, "lease not renewed; trying again", "error", err)
		}
	}
}

// renewOverdue renews the leases whose renewal is late, such as after a pause of
// the process or the machine. If it fails the worker must not claim: it might be
// given what it holds itself. It does not fail if it renews some, or if those that
// it can't renew are in a part of the queue that is away: from there it is given
// nothing.
func (w *Worker) renewOverdue(ctx context.Context) error {
	var overdue []*delivery
	w.mu.Lock()
	for _, d := range w.held {
		if !d.unleased && w.clock.since(d.renewedAt) > 2*renewPeriod(d.Lease) {
			overdue = append(overdue, d)
		}
	}
	slices.SortFunc(overdue, func(a, b *delivery) int { // those that expire first
		return cmp.Or(a.renewedAt.at.Compare(b.renewedAt.at), cmp.Compare(a.Index, b.Index))
	})
	w.mu.Unlock()
	var err error
	proceed := len(overdue) == 0
	for _, d := range overdue {
		fault := w.renew(ctx, d)
		err = cmp.Or(err, fault)
		proceed = proceed || fault == nil || errors.Is(fault, ErrPartlyAway)
	}
	if proceed {
		return nil
	}
	return err
}

// renew renews the lease of a delivery, unless it has none.
func (w *Worker) renew(ctx context.Context, d *delivery) error {
	begin := w.clock.now()
	w.mu.Lock()
	claim, unleased := d.Claim, d.unleased
	w.mu.Unlock()
	if unleased {
		return nil
	}
	lost, err := w.ports.Queue.Renew(ctx, Renewal{claim, d.progress.load()})
	if err != nil {
		return err
	}
	w.mu.Lock()
	isLost := len(lost) > 0 && d.Token == claim.Token
	if len(lost) == 0 {
		d.renewedAt = begin
	}
	expired := w.clock.since(d.renewedAt) >= d.Lease
	w.mu.Unlock()
	if !isLost {
		return nil
	}
	return w.lose(ctx, d, claim, expired)
}

// lose decides what becomes of a delivery whose claim is lost. If the lease expired
// and another worker has the task, the processing is stopped. Otherwise it goes on
// without a lease, because its result is as good as any: the queue was lost, or
// handed the task out before its time, or another worker is done with the task. In
// all cases the delivery is given back.
func (w *Worker) lose(ctx context.Context, d *delivery, claim Claim, expired bool) error {
	if expired {
		jobs, err := w.ports.Queue.Jobs(ctx, d.Index)
		if err != nil {
			return err
		}
		expired = jobs[d.Index].Claimed
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case d.Token != claim.Token: // claimed again by this worker
	case expired:
		d.stop(errLeaseLost)
	default:
		d.unleased = true
		d.log.WarnContext(ctx, "the claim is lost; going on without a lease")
		w.giveBack(ctx, claim)
	}
	return nil
}
