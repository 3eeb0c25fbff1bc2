package core

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"
)

const (
	reconcilePeriod = 2 * time.Second
	reconcileBatch  = 5000
)

// Reconciler compares what was promised, in the IndexStore, with what is there
// and puts the difference to work: indices whose submitter died before they
// were queued, a queue that was flushed, values that were lost with their
// cache. Those last asked for come first. Any number of them may run; what one
// has queued the others leave alone.
//
// It is not subject to admission: what it puts to work was admitted once.
//
// A value that was merely evicted is not calculated again until somebody asks:
// its record is calculated, in the present generation of the cache.
type Reconciler struct {
	ports Ports
	log   *slog.Logger
}

// NewReconciler returns a Reconciler, which works while it is Run.
func NewReconciler(ports Ports, log *slog.Logger) *Reconciler {
	return &Reconciler{ports: ports, log: log}
}

// Run reconciles until ctx ends, every two seconds or so: at most 5,000
// indices are put to work each time.
func (r *Reconciler) Run(ctx context.Context) {
	for ctx.Err() == nil {
		r.reconcile(ctx)
		// Spread out, so that many reconcilers do not ask all at once.
		pause := reconcilePeriod/2 + rand.N(reconcilePeriod)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
}

func (r *Reconciler) reconcile(ctx context.Context) {
	generation, err := r.ports.Cache.Generation(ctx)
	if err != nil {
		r.log.WarnContext(ctx, "not reconciled: no cache", "error", err)
		return
	}
	indices, err := r.ports.Store.Unfinished(ctx, generation, reconcileBatch)
	if err != nil {
		r.log.WarnContext(ctx, "not reconciled: no index store", "error", err)
		return
	}
	if len(indices) == 0 {
		return
	}
	added, err := r.ports.Queue.Enqueue(ctx, noSubmitter, tasksOf(r.ports.Calculator, indices)...)
	if err != nil {
		r.log.WarnContext(ctx, "not reconciled: no queue", "error", err)
		return
	}
	if added > 0 {
		r.log.InfoContext(ctx, "put back to work", "indices", added)
	}
}
