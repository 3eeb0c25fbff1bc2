package core

import (
	"cmp"
	"context"
	"log/slog"
	"math/rand/v2"
	"slices"
	"time"
)

const (
	// reconcilePeriod is about the time between two rounds of a Reconciler.
	reconcilePeriod = 2 * time.Second
	// After a round a Reconciler leaves the ports alone for restRatio times what the
	// round took, for maxRest at most.
	restRatio = 5
	maxRest   = 4 * reconcilePeriod
	// pendingBatch is how many pending indices are read at a time from each end of
	// their list.
	pendingBatch = 2500
	// maxPendingCost bounds the work in the queue that a Reconciler enqueued for
	// pending indices. Admission leaves the other half of the default backlog to
	// new submissions.
	maxPendingCost = DefaultMaxBacklog / 2
)

// Reconciler enqueues the indices that the IndexStore has as unfinished and the
// WorkQueue does not have. Any number of Reconcilers may run: an index is in the
// queue once.
//
// Pending indices are those whose submission was cut short between commit and
// enqueue, and those of a queue that was lost. They are enqueued as work that users
// wait for, from both ends of their list in turn, so that none waits behind those
// that keep arriving. They were admitted before and are not subject to admission
// again, but no more of them are in the queue than five minutes of one worker's
// work, or one.
//
// Lost values are those that were lost together with the cache. See RecoveryMode.
// A value that was evicted is not lost in this sense, since its record names the
// current generation of the cache: it is calculated again when it is next read.
type Reconciler struct {
	ports   Ports
	options ReconcilerOptions
	log     *slog.Logger
}

// ReconcilerOptions are the settings of a Reconciler.
type ReconcilerOptions struct {
	Recovery RecoveryMode // what is done for lost values
}

// NewReconciler returns a Reconciler. The caller must Run it. If log is nil, it is
// slog.Default. NewReconciler panics if a port is nil.
func NewReconciler(ports Ports, options ReconcilerOptions, log *slog.Logger) *Reconciler {
	ports.mustBeWhole("NewReconciler")
	return &Reconciler{ports: ports, options: options, log: cmp.Or(log, slog.Default())}
}

// Run reconciles about every two seconds until ctx ends. A round that takes long is
// followed by a longer pause, so that rounds of up to 1.6 seconds take at most a
// sixth of the time of a store that is slow. No pause exceeds ten seconds.
func (r *Reconciler) Run(ctx context.Context) {
	for ctx.Err() == nil {
		var took time.Duration
		if backlog, err := r.ports.Queue.Backlog(ctx, noSubmitter); err != nil {
			r.log.WarnContext(ctx, "not reconciled: backlog not read", "error", err)
		} else {
			begin := time.Now()
			r.reconcile(ctx, backlog)
			took = time.Since(begin)
		}
		select {
		case <-time.After(pauseAfter(took)):
		case <-ctx.Done():
		}
	}
}

// pauseAfter returns the pause after a round that took so long. Its random part
// keeps several reconcilers from running in step.
func pauseAfter(round time.Duration) time.Duration {
	return max(reconcilePeriod/2, min(restRatio*round, maxRest)) + rand.N(reconcilePeriod)
}

func (r *Reconciler) reconcile(ctx context.Context, backlog Backlog) {
	added, err := r.enqueuePending(ctx, backlog)
	if err != nil {
		r.log.WarnContext(ctx, "pending indices not enqueued", "error", err)
	} else if added > 0 {
		r.log.InfoContext(ctx, "pending indices enqueued", "indices", added)
	}
	if r.options.Recovery == RecoverOnDemand {
		return
	}
	added, err = r.enqueueLost(ctx, backlog)
	if err != nil {
		r.log.WarnContext(ctx, "lost values not enqueued", "error", err)
	} else if added > 0 {
		r.log.InfoContext(ctx, "lost values enqueued", "indices", added)
	}
}

// enqueuePending enqueues pending indices that are not in the queue, or only in
// its lane for recovery.
func (r *Reconciler) enqueuePending(ctx context.Context, backlog Backlog) (added int, err error) {
	indices, err := bothEnds(func(order Order) ([]Index, error) {
		return r.ports.Store.Pending(ctx, order, pendingBatch)
	})
	if err != nil || len(indices) == 0 {
		return 0, err
	}
	jobs, err := r.ports.Queue.Jobs(ctx, indices...)
	if err != nil {
		return 0, err
	}
	missing := slices.DeleteFunc(tasksOf(r.ports.Calculator, indices), func(t Task) bool {
		job, queued := jobs[t.Index]
		return queued && (job.Lane != LaneRecovery || job.Claimed || job.Deliveries > 0) // it stays there
	})
	assignLanes(missing, backlog.OwnShort)
	var short, long []Task
	for _, t := range missing {
		if t.Lane == LaneShort {
			short = append(short, t)
		} else {
			long = append(long, t)
		}
	}
	// Short ones wait for no long one.
	return r.ports.Queue.Enqueue(ctx, noSubmitter, append(short, upTo(long, backlog.Own, maxPendingCost)...)...)
}

// upTo returns the first of the tasks whose costs, with the work that is there, do
// not exceed a bound. If no work is there, it returns at least one.
func upTo(tasks []Task, there, bound time.Duration) []Task {
	sum := there
	for i, t := range tasks {
		if sum += t.Cost; sum > bound && (i > 0 || there > 0) {
			return tasks[:i]
		}
	}
	return tasks
}

// bothEnds returns the indices of both ends of a list in turn, the newest first.
func bothEnds(list func(Order) ([]Index, error)) ([]Index, error) {
	newest, err := list(NewestFirst)
	if err != nil || len(newest) == 0 {
		return nil, err
	}
	oldest, err := list(OldestFirst)
	if err != nil {
		return nil, err
	}
	seen := make(map[Index]bool, len(newest)+len(oldest))
	var indices []Index
	for i := range max(len(newest), len(oldest)) {
		for _, end := range [][]Index{newest, oldest} {
			if i < len(end) && !seen[end[i]] {
				seen[end[i]] = true
				indices = append(indices, end[i])
			}
		}
	}
	return indices, nil
}
