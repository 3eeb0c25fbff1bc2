package core

import (
	"context"
	"errors"
	"time"
)

// readingAge is how long other submissions of a submitter are admitted by a
// backlog that was read for one of them, and again as long if another one reads it
// meanwhile. What is refused is refused by a backlog of its own.
const readingAge = 10 * time.Millisecond

// reading is the backlog as read for a submitter. It is shared, with the work that
// this process has admitted since: so the process keeps the bound as if it had read
// the backlog for each submission.
type reading struct {
	done   chan struct{} // closed when queued or err is set
	queued usage
	err    error
	at     time.Time // when it was done

	// releasedBefore is the work that was released before the reading began: the
	// backlog includes it, or it is done. The backlog may not include work that was
	// released since, which therefore counts as in flight.
	releasedBefore usage
}

// isWithin reports whether the backlog was read, within the given time until now.
func (r *reading) isWithin(age time.Duration) bool {
	return r != nil && time.Since(r.at) < age
}

// read begins to read the backlog for a reservation. The reading is completed also
// if the submission does not wait for it: the next one may use it.
func (a *admission) read(ctx context.Context, r *reservation) {
	ctx, end := context.WithTimeout(context.WithoutCancel(ctx), lookupTimeout)
	begun := r.beginReading()
	go func() {
		defer end()
		defer close(begun.done)
		backlog, err := a.queue.Backlog(ctx, r.submitter)
		begun.queued, begun.err = usage{backlog.All, backlog.Own, backlog.OwnShort}, err
		if err == nil {
			a.last.set(r.submitter, begun.queued)
		}
		r.endReading(begun)
	}()
}

func (r *reservation) beginReading() *reading {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.shared = false
	r.own.underWay++
	r.reading = &reading{
		done:           make(chan struct{}),
		releasedBefore: usage{r.total.released, r.own.released, r.own.releasedShort},
	}
	return r.reading
}

func (r *reservation) endReading(ended *reading) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.own.underWay--
	if ended.err == nil {
		ended.at = time.Now()
		r.own.latest = ended
	}
}

// await waits for the reading of a reservation. If the backlog can't be read, or
// not before errLookupTimeout ends ctx, it is estimated. The error is the cause of
// ctx if that has ended for another reason: the caller has left.
func (a *admission) await(ctx context.Context, r *reservation) (queued usage, estimated bool, err error) {
	select {
	case <-r.reading.done:
	case <-ctx.Done():
	}
	if ctx.Err() != nil && !errors.Is(context.Cause(ctx), errLookupTimeout) {
		return usage{}, false, context.Cause(ctx)
	}
	select {
	case <-r.reading.done:
		if err = r.reading.err; err == nil {
			return r.reading.queued, false, nil
		}
	default:
		err = errLookupTimeout
	}
	queued = a.last.estimate(r.submitter)
	a.log.WarnContext(ctx, "backlog not read; estimated for admission", "estimate", queued.all, "error", err)
	return queued, true, nil
}
