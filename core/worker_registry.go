package core

import (
	"context"
	"time"
)

// WorkerRegistry is the port to the workers that are alive. It may be lost as
// a whole; workers announce themselves again.
//
// All methods are safe for concurrent use by any number of processes. If the
// registry can't be reached, the error's kind is KindUnavailable; if ctx is
// cancelled, KindCanceled.
type WorkerRegistry interface {
	// Announce marks the worker alive for ttl, to the microsecond, replacing its
	// earlier announcement. A ttl of 0 or less removes it, and one of more than
	// MaxAnnouncement counts as MaxAnnouncement.
	Announce(ctx context.Context, worker WorkerInfo, ttl time.Duration) error

	// List returns the workers that are alive, as last announced, in the order of
	// their names, each with the time that remains of its ttl.
	List(ctx context.Context) ([]WorkerInfo, error)
}

// MaxAnnouncement is the longest time for which a worker is announced. An
// announcement that ends later was made before the clock was set back, and has
// expired.
const MaxAnnouncement = time.Minute

// WorkerInfo is what a worker announces of itself.
type WorkerInfo struct {
	Name   string // any text; tells the worker from all others
	Memory int64  // bytes that its calculations may take; 0: not known
	Slots  int    // calculations of any lane that it runs at a time; 0: not known

	// Speed is the cost of tasks that each slot works off in a unit of time, as
	// measured of late: 2 if it needs half the time that was estimated where the
	// tasks were enqueued. 0: not known.
	Speed float64

	// Remaining is, as List returns it, the time until the announcement expires.
	// Announce ignores it.
	Remaining time.Duration
}

// Silence returns how long ago a Worker that List has returned announced itself.
func (i WorkerInfo) Silence() time.Duration { return max(0, heartbeatTTL-i.Remaining) }
