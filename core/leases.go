package core

import (
	"context"
	"errors"
	"time"
)

// maxRenewPeriod is the longest time between two renewals of a lease.
const maxRenewPeriod = time.Second

var errLeaseLost = errors.New("the lease was lost")

func renewPeriod(lease time.Duration) time.Duration {
	return max(time.Nanosecond, min(lease/4, maxRenewPeriod))
}

// since returns the time since t by whichever clock says more: the monotonic
// one stands still while a machine is suspended, and the other may be set back.
func since(t time.Time) time.Duration {
	now := time.Now()
	return max(now.Sub(t), now.Round(0).Sub(t.Round(0)))
}

// hold adds a delivery to those that the worker processes.
func (w *Worker) hold(d *delivery) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held[d.Index] = d
}

// reclaimed reports whether the worker is processing the index of a claim
// already. That delivery then gets the claim, and its earlier one is given back.
// begin is when the call began that returned the claim.
func (w *Worker) reclaimed(ctx context.Context, claim Claim, begin time.Time) bool {
	w.mu.Lock()
	d, held := w.held[claim.Index]
	if !held {
		w.mu.Unlock()
		return false
	}
	earlier := d.Claim
	d.Token, d.Lease, d.renewedAt, d.unleased = claim.Token, claim.Lease, begin, false
	w.mu.Unlock()
	d.log.WarnContext(ctx, "claimed again while it is processed; going on")
	w.giveBack(ctx, earlier)
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
		var retry backoff
		for ctx.Err() == nil {
			err := w.ports.Queue.Release(ctx, claim)
			if err == nil {
				return
			}
			retry.wait(ctx)
		}
		w.release(ctx, claim)
	})
}

func (w *Worker) isUnleased(d *delivery) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return d.unleased
}

// keepLease renews the lease of a delivery, which has the given length, until
// ctx ends.
func (w *Worker) keepLease(ctx context.Context, d *delivery, lease time.Duration) {
	tick := time.NewTicker(renewPeriod(lease))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := w.renew(ctx, d); err != nil && ctx.Err() == nil {
			d.log.WarnContext(ctx, "lease not renewed; trying again", "error", err)
		}
	}
}

// renewOverdue renews the leases whose renewal is late, such as after a pause of
// the process or the machine. Until it succeeds the worker must not claim: it
// might be given what it holds itself.
func (w *Worker) renewOverdue(ctx context.Context) error {
	var overdue []*delivery
	w.mu.Lock()
	for _, d := range w.held {
		if !d.unleased && since(d.renewedAt) > 2*renewPeriod(d.Lease) {
			overdue = append(overdue, d)
		}
	}
	w.mu.Unlock()
	for _, d := range overdue {
		if err := w.renew(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// renew renews the lease of a delivery, unless it has none.
func (w *Worker) renew(ctx context.Context, d *delivery) error {
	begin := time.Now()
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
	expired := since(d.renewedAt) >= d.Lease
	w.mu.Unlock()
	if !isLost {
		return nil
	}
	return w.lose(ctx, d, claim, expired)
}

// lose decides what becomes of a delivery whose claim is lost. If another worker
// has the task, because the lease expired, the processing is stopped. If the
// queue was lost, or handed the task back to those that wait, it goes on without
// a lease: the work is not done twice, and its result is as good as any.
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
		d.log.WarnContext(ctx, "the queue was lost; going on without a lease")
	}
	return nil
}
