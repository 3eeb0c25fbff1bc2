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
	// earlier announcement. A ttl of 0 or less removes it.
	Announce(ctx context.Context, worker WorkerInfo, ttl time.Duration) error

	// List returns the workers that are alive, as last announced, in the order of
	// their names.
	List(ctx context.Context) ([]WorkerInfo, error)
}

// WorkerInfo is what a worker announces of itself.
type WorkerInfo struct {
	Name   string // any text; tells the worker from all others
	Memory int64  // bytes that its calculations may take; 0: not known
}
