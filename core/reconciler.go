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

// Reconciler enqueues the indices that the IndexStore has as unfinished and the
// WorkQueue does not have: those whose submission was cut short between commit
// and enqueue, those of a queue that was flushed, and those whose values were
// lost with the cache. The most recently submitted come first. Any number of
// Reconcilers may run: an index is in the queue once.
//
// What it enqueues is not subject to admission, because it was admitted before.
//
// A value that was evicted is not unfinished, since its record names the current
// generation of the cache. It is calculated again when it is next read.
type Reconciler struct {
	ports Ports
	log   *slog.Logger
}

// NewReconciler returns a Reconciler. The caller must Run it. log must not be
// nil.
func NewReconciler(ports Ports, log *slog.Logger) *Reconciler {
	return &Reconciler{ports: ports, log: log}
}

// Run reconciles about every two seconds until ctx ends. Each time it enqueues
// up to 5,000 indices.
func (r *Reconciler) Run(ctx context.Context) {
	for ctx.Err() == nil {
		r.reconcile(ctx)
		// A random pause keeps several reconcilers from running in step.
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
		r.log.WarnContext(ctx, "not reconciled: cache not read", "error", err)
		return
	}
	indices, err := r.ports.Store.Unfinished(ctx, generation, reconcileBatch)
	if err != nil {
		r.log.WarnContext(ctx, "not reconciled: index store not read", "error", err)
		return
	}
	if len(indices) == 0 {
		return
	}
	added, err := r.ports.Queue.Enqueue(ctx, noSubmitter, tasksOf(r.ports.Calculator, indices)...)
	if err != nil {
		r.log.WarnContext(ctx, "not reconciled: not enqueued", "error", err)
		return
	}
	if added > 0 {
		r.log.InfoContext(ctx, "unfinished indices enqueued", "indices", added)
	}
}
