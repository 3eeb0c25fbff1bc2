package core

import (
	"cmp"
	"context"
	"log/slog"
	"time"
)

const (
	// MinRetention is the least time for which records are kept. For that long an
	// IndexStore remembers keys: a submission that is sent again finds its record.
	MinRetention = KeyAge
	// prunePeriod is the time between two searches for old records.
	prunePeriod = time.Minute
	// pruneBatch is how many records a call of Prune deletes at most: submissions wait
	// for no more than that.
	pruneBatch = 1000
)

// Retention deletes the records of indices that were last submitted long ago and
// are not wanted any more: those with a final state. Their values stay until the
// cache evicts them. Any number of Retentions may run.
type Retention struct {
	pruner Pruner
	age    time.Duration
	log    *slog.Logger
}

// NewRetention returns a Retention that keeps records for a time after they were
// last submitted. The caller must Run it. If log is nil, it is slog.Default.
// NewRetention panics if pruner is nil or age is less than MinRetention.
func NewRetention(pruner Pruner, age time.Duration, log *slog.Logger) *Retention {
	if pruner == nil || age < MinRetention {
		panic("core: NewRetention needs a Pruner and at least MinRetention")
	}
	return &Retention{pruner, age, cmp.Or(log, slog.Default())}
}

// Run deletes old records every minute until ctx ends.
func (r *Retention) Run(ctx context.Context) {
	tick := time.NewTicker(prunePeriod)
	defer tick.Stop()
	for {
		before := time.Now().Add(-r.age)
		deleted, err := r.prune(ctx, before)
		if deleted > 0 {
			r.log.InfoContext(ctx, "old records deleted", "records", deleted, "lastSeenBefore", before.UTC())
		}
		if err != nil && ctx.Err() == nil {
			r.log.WarnContext(ctx, "old records not deleted", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// prune deletes all records last seen before a time, batch by batch.
func (r *Retention) prune(ctx context.Context, before time.Time) (deleted int, err error) {
	for {
		count, err := r.pruner.Prune(ctx, before, pruneBatch)
		deleted += count
		if err != nil || count < pruneBatch {
			return deleted, err
		}
	}
}
