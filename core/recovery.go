package core

import (
	"context"
	"errors"
	"math"
	"time"
)

// RecoveryMode is what is done for values that were lost together with the cache
// and are not requested.
type RecoveryMode int

const (
	// RecoverEagerly has them calculated again, in LaneRecovery: behind what users
	// wait for, a bounded amount of work at a time, and as long as the cache can take
	// them without evicting others. Where the cache has no bound, both ends of the
	// list are served in turn; otherwise the values last submitted come first, so
	// that the room goes to them. What finds no room is left until it is requested.
	RecoverEagerly RecoveryMode = iota
	// RecoverOnDemand leaves them until they are requested.
	RecoverOnDemand
)

// String returns the name of the mode: eager or on-demand.
func (m RecoveryMode) String() string {
	if m == RecoverOnDemand {
		return "on-demand"
	}
	return "eager"
}

var errNoMode = errors.New("no mode of recovery")

// UnmarshalText reads the name of a mode.
func (m *RecoveryMode) UnmarshalText(text []byte) error {
	for _, mode := range []RecoveryMode{RecoverEagerly, RecoverOnDemand} {
		if string(text) == mode.String() {
			*m = mode
			return nil
		}
	}
	return errNoMode
}

const (
	// maxRecoveryTasks and maxRecoveryCost bound what is in LaneRecovery.
	maxRecoveryTasks = 1000
	maxRecoveryCost  = 30 * time.Second
	// lostBatch is how many lost values are read at a time, those that are in the
	// queue included.
	lostBatch = 2 * maxRecoveryTasks
	// recoveryReserve is the part of a cache that recovery leaves free: a tenth.
	recoveryReserve = 10
	// valueOverhead is what a value takes beside its digits, in bytes.
	valueOverhead = 1024
)

// enqueueLost enqueues lost values.
func (r *Reconciler) enqueueLost(ctx context.Context, backlog Backlog) (added int, err error) {
	if backlog.RecoveryTasks >= maxRecoveryTasks || backlog.Recovery >= maxRecoveryCost {
		return 0, nil
	}
	generation, err := r.ports.Cache.Generation(ctx)
	if err != nil {
		return 0, err
	}
	room, err := r.ports.Cache.Room(ctx)
	if err != nil {
		return 0, err
	}
	lost, err := r.lost(ctx, generation, room)
	if err != nil || len(lost) == 0 {
		return 0, err
	}
	jobs, err := r.ports.Queue.Jobs(ctx, lost...)
	if err != nil {
		return 0, err
	}
	if room.Bounded() {
		// Again, after the jobs: a value that is stored at this moment counts twice,
		// and before it would not count at all.
		if room, err = r.ports.Cache.Room(ctx); err != nil {
			return 0, err
		}
	}
	missing := r.recoverable(lost, jobs, room)
	missing = missing[:min(len(missing), maxRecoveryTasks-backlog.RecoveryTasks)]
	return r.ports.Queue.Enqueue(ctx, noSubmitter, upTo(missing, backlog.Recovery, maxRecoveryCost)...)
}

// lost returns indices whose values were lost, in the order in which they are to
// be recovered.
func (r *Reconciler) lost(ctx context.Context, generation string, room Room) ([]Index, error) {
	if room.Bounded() {
		return r.ports.Store.Lost(ctx, generation, NewestFirst, lostBatch)
	}
	return bothEnds(func(order Order) ([]Index, error) {
		return r.ports.Store.Lost(ctx, generation, order, lostBatch/2)
	})
}

// recoverable returns the tasks of those lost values that are not in the queue and
// find room in the cache beside those that are.
func (r *Reconciler) recoverable(lost []Index, jobs map[Index]Job, room Room) []Task {
	free := int64(math.MaxInt64)
	if room.Bounded() {
		free = room.Free - room.Total/recoveryReserve
		for n := range jobs {
			free -= r.size(n)
		}
	}
	var missing []Index
	for _, n := range lost {
		if _, queued := jobs[n]; queued {
			continue
		}
		if size := r.size(n); size <= free {
			free -= size
			missing = append(missing, n)
		}
	}
	tasks := tasksOf(r.ports.Calculator, missing)
	for i := range tasks {
		tasks[i].Lane = LaneRecovery
	}
	return tasks
}

// size returns about how many bytes of a cache the value of n takes: its packed
// digits, a quarter more for what memory is lost between them, and the rest.
func (r *Reconciler) size(n Index) int64 {
	packed := r.ports.Calculator.Estimate(n).Digits / 19 * 8
	return packed + packed/4 + valueOverhead
}
